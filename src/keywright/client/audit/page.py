"""Write an audit as one page of HTML that loads nothing: to look at, to print, to hand to an auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from keywright.client.audit.charts import age_bars, scatter, use_bars
from keywright.client.audit.controls import BENCHMARKS
from keywright.client.audit.facts import AuditedKey, AuditedUser
from keywright.client.audit.findings import Audit, Outcome, Result, Severity

_BAR_PIXELS = 76


@dataclass(frozen=True, slots=True)
class _Tile:
    number: int
    label: str
    mood: str


@dataclass(frozen=True, slots=True)
class _Row:
    user: AuditedUser
    key: AuditedKey
    age: int | None
    width: int
    mood: str
    use: str


def write_page(audit: Audit) -> str:
    """Write the page; whatever comes from the account is escaped."""
    environment = Environment(
        loader=PackageLoader("keywright.client.audit"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["moment"] = _moment
    counts = [(str(one), audit.count(one)) for one in Severity]
    total = sum(number for _, number in counts)
    title = audit.facts.alias or f"account {audit.facts.caller.account_id}"
    return environment.get_template("page.html").render(
        audit=audit,
        facts=audit.facts,
        title=title,
        tiles=_tiles(audit),
        severities=counts,
        total=total,
        worst=next((f"{number} of them {name}" for name, number in counts if number), ""),
        benchmarks=BENCHMARKS,
        verdict=_verdict,
        has_active_keys=any(key.is_active for _, key in audit.facts.each_key()),
        age_bars=age_bars(audit),
        use_bars=use_bars(audit),
        scatter=scatter(audit),
        keys=_rows(audit),
    )


def _tiles(audit: Audit) -> list[_Tile]:
    """Count what an auditor asks for first, by the facts: a check may have been skipped."""
    facts, limits = audit.facts, audit.thresholds
    active = [key for _, key in facts.each_key() if key.is_active]
    old = sum(key.created_at is not None and facts.audited_at - key.created_at > limits.max_age for key in active)
    idle = sum(_is_idle(audit, key) for key in active)
    without = sum(bool(user.has_password) and user.has_mfa is False for user in facts.users)
    return [
        _Tile(len(facts.users), "user" if len(facts.users) == 1 else "users", ""),
        _Tile(len(active), "active key" if len(active) == 1 else "active keys", ""),
        _counted(old, f"older than {limits.max_age.days} days"),
        _counted(idle, f"unused for {limits.unused.days} days, or never used"),
        _counted(without, "with a password and no MFA"),
    ]


def _counted(number: int, label: str) -> _Tile:
    return _Tile(number, label, "bad" if number else "good")


def _is_idle(audit: Audit, key: AuditedKey) -> bool:
    now, limits = audit.facts.audited_at, audit.thresholds
    if not key.use_is_known or key.created_at is None:
        return False
    if key.last_used_at is None:
        return now - key.created_at >= limits.never_used
    return now - key.last_used_at >= limits.unused


def _rows(audit: Audit) -> list[_Row]:
    """Give all keys, the oldest first."""
    now, limit = audit.facts.audited_at, audit.thresholds.max_age.days
    keys = list(audit.facts.each_key())
    longest = max([(now - key.created_at).days for _, key in keys if key.created_at], default=0) or 1
    rows = []
    for user, key in keys:
        age = (now - key.created_at).days if key.created_at else None
        width = max(2, round((age or 0) / longest * _BAR_PIXELS))
        rows.append(_Row(user, key, age, width, _mood(key, age, limit), _use(audit, key)))
    return sorted(rows, key=lambda row: (not row.key.is_active, -(row.age or 0), row.user.name.lower()))


def _mood(key: AuditedKey, age: int | None, limit: int) -> str:
    if not key.is_active:
        return "off"
    return "late" if age is not None and age > limit else "fine"


def _use(audit: Audit, key: AuditedKey) -> str:
    if not key.use_is_known:
        return "unknown"
    if key.last_used_at is None:
        return "never"
    days = (audit.facts.audited_at - key.last_used_at).days
    when = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{when}, {key.last_used_service}" if key.last_used_service else when


def _verdict(result: Result) -> Markup:
    """Show how a check ended."""
    number = len(result.findings)
    if number:
        text = f"{number} finding{'s' * (number != 1)}{', not all seen' if result.gaps else ''}"
        return Markup('<span class="badge {}">{}</span>').format(result.check.severity, text)
    mood = "clear" if result.outcome is Outcome.CLEAR else "unseen"
    return Markup('<span class="badge {}">{}</span>').format(mood, result.outcome)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC")
