"""The policies that a request meets, by type."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from keywright.policy.evaluate import CompiledPolicy
from keywright.policy.plan import Plan, PoliciesByType

_MAX_PLANS: Final = 2048
"""Plans kept for one set; a caller who asks for more action names than exist only makes them be built again."""
_MAX_RESOURCES: Final = 256
"""Resource policies joined to one set and kept."""

Policies = tuple[CompiledPolicy, ...]


@dataclass(frozen=True, slots=True)
class PolicySet:
    """
    Every policy that applies to a caller's requests. Build it once for a caller and keep it: it learns.

    A type that does not apply is an empty tuple, but for `boundary` and `session` it is None: an empty tuple there is a
    limit that allows nothing. `scps` and `rcps` hold what is attached at every level, AWS's full-access ones included.
    """

    identity: Policies = ()
    boundary: Policies | None = None
    session: Policies | None = None
    resource: Policies = ()
    scps: Policies = ()
    rcps: Policies = ()
    resource_must_allow: bool = False
    """AWS: a role's trust policy and a KMS key's policy must allow even where the caller's own policies do."""
    plans: dict[str, Plan] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What is known by now of the actions asked for, by their names as they were asked."""
    _joined: dict[tuple[Policies, bool], PolicySet] = field(default_factory=dict, init=False, repr=False, compare=False)

    def plan(self, action: str) -> Plan:
        """Find what concerns an action that `plans` does not know, and keep it there."""
        if len(self.plans) >= _MAX_PLANS:
            self.plans.clear()
        policies: PoliciesByType = {
            "identity": self.identity,
            "boundary": self.boundary,
            "session": self.session,
            "resource": self.resource,
            "scp": self.scps,
            "rcp": self.rcps,
        }
        plan = self.plans[action] = Plan(policies, action, resource_must_allow=self.resource_must_allow)
        return plan

    def with_resource(self, resource: Policies, *, must_allow: bool = False) -> PolicySet:
        """Give this set with a resource's policies in it; the same set again for the same policies."""
        key = (resource, must_allow)
        joined = self._joined.get(key)
        if joined is None:
            if len(self._joined) >= _MAX_RESOURCES:
                self._joined.clear()
            joined = self._joined[key] = replace(self, resource=resource, resource_must_allow=must_allow)
        return joined
