"""The pages of docs/ that are made from the code."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATOR = runpy.run_path(str(ROOT / "docs" / "generate.py"), run_name="generate")


@pytest.mark.parametrize("name", sorted(GENERATOR["PAGES"]))
def test_generated_page_is_up_to_date(name: str) -> None:
    """A generated page says what the code says: run `make docs`."""
    assert (ROOT / "docs" / name).read_text() == GENERATOR["PAGES"][name]()


def test_every_divergence_named_in_the_code_has_its_heading() -> None:
    """A `# DIVERGES:` comment names a heading of docs/divergences.md."""
    headings = set(re.findall(r"^#+ (.+)$", (ROOT / "docs" / "divergences.md").read_text(), re.MULTILINE))
    named = {
        (file.relative_to(ROOT), heading.strip().strip('"').rstrip("."))
        for file in (ROOT / "src").rglob("*.py")
        for heading in re.findall(r"# DIVERGES: (.+)", file.read_text())
    }
    assert not {(file, heading) for file, heading in named if not any(known in heading for known in headings)}


def test_links_of_the_docs_lead_somewhere() -> None:
    """A relative link in README and docs/ names a file that exists."""
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + list(
        (ROOT / "docs").rglob("*.md")
    )
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
