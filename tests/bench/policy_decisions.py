"""
Measure decisions a second on one core, beside iam-simulate and Cedar on the same questions.

Run: .venv/bin/python tests/bench/policy_decisions.py

The peers live apart; without them their columns stay empty:
    python3 -m venv build/policy-bench/venv && build/policy-bench/venv/bin/pip install cedarpy
    npm install --prefix build/policy-bench @cloud-copilot/iam-simulate
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from keywright.policy.condition.compile import compile_line
from keywright.policy.decide import decide
from keywright.policy.document import parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import AuthorizationRequest, Principal
from keywright.policy.validate import read_policy

PEERS = Path(__file__).parents[2] / "build" / "policy-bench"
ACCOUNT = "111122223333"
BOB = Principal("user", f"arn:aws:iam::{ACCOUNT}:user/Bob", ACCOUNT)
CONTEXT = {
    "aws:username": "Bob",
    "aws:RequestedRegion": "eu-west-1",
    "aws:UserAgent": "aws-cli/2.36.7",
    "aws:SecureTransport": "true",
    "aws:MultiFactorAuthAge": "120",
    "aws:SourceIp": "203.0.113.9",
}
SERVICES = ("s3", "sqs", "sns", "ec2", "dynamodb", "lambda", "iam", "logs", "kms", "rds")
VERBS = ("Get", "List", "Put", "Delete", "Create", "Describe")

Statement = dict[str, Any]


class Scenario(NamedTuple):
    """Policies, and the questions asked of them: action and resource."""

    name: str
    policies: list[list[Statement]]
    questions: list[tuple[str, str]]


def arn(service: str, name: str) -> str:
    """Name a resource."""
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{name}"


def five_operators(number: int) -> dict[str, Any]:
    """Give a condition that holds for CONTEXT, and whose last line fails for two in three numbers."""
    return {
        "StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]},
        "StringLike": {"aws:UserAgent": "aws-cli/*"},
        "Bool": {"aws:SecureTransport": "true"},
        "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"},
        "IpAddress": {"aws:SourceIp": "203.0.113.0/24" if number % 3 == 0 else "198.51.100.0/24"},
    }


def scenarios() -> Iterator[Scenario]:
    """Give the scenarios of issue 3, and one made to be slow."""
    questions = [
        (f"{service}:{verb}Thing{number}", arn(service, f"thing/{number}/x{number}"))
        for service in SERVICES
        for verb in VERBS
        for number in range(10)
    ]
    yield Scenario("AdministratorAccess", [[{"Effect": "Allow", "Action": "*", "Resource": "*"}]], questions)
    ten = [
        [
            {
                "Effect": "Deny" if number == 9 else "Allow",
                "Action": [f"{service}:{VERBS[number % 6]}Thing{number}", f"{service}:{VERBS[(number + 1) % 6]}*"],
                "Resource": [arn(service, f"thing/{number}/*"), arn(service, f"other{number}")],
            }
            for number in range(10)
        ]
        for service in SERVICES
    ]
    yield Scenario("10 policies of 10 statements", ten, questions)
    thirty = [
        [
            {
                "Effect": "Allow",
                "Action": [f"{SERVICES[number % 10]}:{VERBS[number // 5]}*"],
                "Resource": arn(SERVICES[number % 10], "thing/*"),
                "Condition": five_operators(number),
            }
        ]
        for number in range(30)
    ]
    yield Scenario("30 policies, 5 operators", thirty, questions)
    every = [
        [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": five_operators(number + 1)}]
        for number in range(0, 90, 3)
    ]
    yield Scenario("30 policies, 5 operators, all met, none holds", every, [("s3:GetThing1", arn("s3", "x"))])


def compiled(statements: list[Statement], name: str) -> CompiledPolicy:
    """Compile a policy."""
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return compile_policy(parse_document(text), PolicySource(name, "identity"))


def rate(run: Callable[[], object], decisions: int, *, runs: int = 7) -> float:
    """Give decisions a second, the best of some runs."""
    best = float("inf")
    for _ in range(runs):
        start = perf_counter()
        run()
        best = min(best, perf_counter() - start)
    return decisions / best


def ours(scenario: Scenario) -> tuple[list[bool], float, float]:
    """Give the answers, decisions a second, and the microseconds of the slowest question."""
    policies = PolicySet(tuple(compiled(one, f"p{number}") for number, one in enumerate(scenario.policies)))
    context = {key.lower(): (value,) for key, value in CONTEXT.items()}
    requests = [
        AuthorizationRequest(action, resource, BOB, ACCOUNT, context) for action, resource in scenario.questions
    ]
    asked = list(islice(cycle(requests), 60_000))

    def run() -> None:
        for request in asked:
            decide(request, policies)

    answers = [decide(request, policies).allowed for request in requests]

    def repeat(request: AuthorizationRequest) -> None:
        for _ in range(200):
            decide(request, policies)

    slowest = max(1e6 / rate(partial(repeat, request), 200) for request in requests)
    return answers, rate(run, len(asked)), slowest


def ask_peer(command: list[str], scenario: Scenario) -> tuple[list[bool], float] | None:
    """Let a peer answer: its answers, and its decisions a second."""
    if not Path(command[0]).exists() and command[0] != "node":
        return None
    asked = {**scenario._asdict(), "context": CONTEXT, "account": ACCOUNT, "principal": BOB.arn}
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False, cwd=PEERS)
    if done.returncode != 0:
        return None
    answers, decisions = json.loads(done.stdout)
    return answers, decisions


IAM_SIMULATE = """
const { runUnsafeSimulation } = require('@cloud-copilot/iam-simulate')
const asked = JSON.parse(require('fs').readFileSync(0))
const simulations = asked.questions.map(([action, resource]) => ({
  request: { principal: asked.principal, action, resource: { resource, accountId: asked.account },
             contextVariables: asked.context },
  identityPolicies: asked.policies.map((Statement, i) => (
    { name: `p${i}`, policy: { Version: '2012-10-17', Statement } })),
  serviceControlPolicies: [], resourceControlPolicies: [] }))
const answers = simulations.map((one) => runUnsafeSimulation(one, {}) === 'Allowed')
let best = 0
for (let run = 0; run < 3; run++) {
  const start = process.hrtime.bigint()
  let done = 0
  while (Number(process.hrtime.bigint() - start) < 5e8)
    for (const one of simulations) { runUnsafeSimulation(one, {}); done++ }
  best = Math.max(best, done / (Number(process.hrtime.bigint() - start) / 1e9))
}
console.log(JSON.stringify([answers, best]))
"""

CEDAR = """
import json, sys
from time import perf_counter
import cedarpy

asked = json.load(sys.stdin)

def like(attribute, pattern):
    if pattern == "*":
        return "true"
    if "*" in pattern:
        return f"{attribute} like {json.dumps(pattern)}"
    return f"{attribute} == {json.dumps(pattern)}"

def condition(lines):
    tests = {
        "StringEquals": lambda key, value: f"{key} == {json.dumps(value)}",
        "StringLike": like,
        "Bool": lambda key, value: f"{key} == {value}",
        "NumericLessThan": lambda key, value: f"{key} < {value}",
        "IpAddress": lambda key, value: f"ip({key}).isInRange(ip({json.dumps(value)}))",
    }
    for operator, keys in lines.items():
        for key, values in keys.items():
            listed = values if isinstance(values, list) else [values]
            yield "(" + " || ".join(tests[operator](f"context[{json.dumps(key)}]", one) for one in listed) + ")"

def listed(value):
    return value if isinstance(value, list) else [value]

def cedar(statement):
    action = " || ".join(like("context.action", one) for one in listed(statement["Action"]))
    resource = " || ".join(like("context.resource", one) for one in listed(statement["Resource"]))
    tests = [f"({action})", f"({resource})", *condition(statement.get("Condition", {}))]
    return {"Allow": "permit", "Deny": "forbid"}[statement["Effect"]] + \\
        "(principal, action, resource) when { " + " && ".join(tests) + " };"

policies = cedarpy.PolicySet.from_str("\\n".join(cedar(one) for policy in asked["policies"] for one in policy))
entities = cedarpy.Entities.from_json_str("[]")
read = {"aws:SecureTransport": lambda value: value == "true", "aws:MultiFactorAuthAge": int}
context = {key: read.get(key, str)(value) for key, value in asked["context"].items()}
requests = [
    {"principal": 'User::"Bob"', "action": 'Action::"any"', "resource": 'Thing::"any"',
     "context": {**context, "action": action, "resource": resource}}
    for action, resource in asked["questions"]
]
answers = [cedarpy.is_authorized(one, policies, entities).allowed for one in requests]
best = 0.0
for _ in range(3):
    start, done = perf_counter(), 0
    while perf_counter() - start < 0.5:
        for one in requests:
            cedarpy.is_authorized(one, policies, entities)
            done += 1
    best = max(best, done / (perf_counter() - start))
print(json.dumps([answers, best]))
"""


def compile_milliseconds() -> float:
    """Give the milliseconds to read, validate and compile a policy of 6 KB."""
    statements = [
        {
            "Sid": f"S{number}",
            "Effect": "Allow",
            "Action": [f"s3:Get{number}*", "s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::bucket{number}/${{aws:username}}/*", f"arn:aws:s3:::bucket{number}"],
            "Condition": five_operators(number),
        }
        for number in range(12)
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    text = text.ljust(6144)
    source = PolicySource("p", "identity")

    def run() -> None:
        for _ in range(20):
            compile_line.cache_clear()
            compile_policy(read_policy(text, "managed"), source)

    return 1e3 / rate(run, 20)


def main() -> None:
    """Print a row for each scenario; every engine must give the same answers."""
    PEERS.mkdir(parents=True, exist_ok=True)
    (PEERS / "simulate.cjs").write_text(IAM_SIMULATE)
    (PEERS / "cedar.py").write_text(CEDAR)
    peers = {"iam-simulate": ["node", "simulate.cjs"], "cedarpy": [str(PEERS / "venv/bin/python"), "cedar.py"]}
    print(f"{'decisions a second, one core':<48}{'keywright':>12}{'slowest µs':>12}", *(f"{one:>13}" for one in peers))
    for scenario in scenarios():
        answers, decisions, slowest = ours(scenario)
        columns = []
        for name, command in peers.items():
            answer = ask_peer(command, scenario)
            if answer is not None and answer[0] != answers:
                raise SystemExit(f"{name} answers otherwise in {scenario.name}")
            columns.append("-" if answer is None else f"{answer[1]:,.0f}")
        print(f"{scenario.name:<48}{decisions:>12,.0f}{slowest:>12.2f}", *(f"{one:>13}" for one in columns))
    print(f"compile of 6 KB: {compile_milliseconds():.2f} ms")


if __name__ == "__main__":
    main()
