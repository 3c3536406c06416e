"""Every subcommand with output that is closed while it writes."""

from __future__ import annotations

import io
import sys

import pytest

from keywright.client.cli.subcommands import SUBCOMMANDS
from keywright.commands.main import main
from tests.unit.client.conftest import Home
from tests.unit.client.test_faults import ASKING, REFUSED, has_json, words


class Broken(io.TextIOBase):
    """A stream whose reader has gone."""

    def write(self, _text: str) -> int:
        """Fail."""
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        """Fail, until it is closed."""
        if not self.closed:
            raise BrokenPipeError(32, "Broken pipe")

    def close(self) -> None:
        """Close without flushing."""
        self.flush = lambda: None  # type: ignore[method-assign]
        super().close()


@pytest.mark.parametrize("name", [words(one.words) for one in SUBCOMMANDS])
@pytest.mark.parametrize("streams", [("stdout",), ("stdout", "stderr")])
def test_nobody_reads(name: str, streams: tuple[str, ...], home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subcommand whose reader has gone ends by an exit code of its own, and raises nothing."""
    monkeypatch.chdir(home.folder)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    line = ASKING[name].line if name in ASKING else REFUSED[name][0]
    with Broken() as broken:
        for stream in streams:
            monkeypatch.setattr(sys, stream, broken)
        try:
            code = main([*line.split(), *(["--json"] if has_json(name) else [])])
        except SystemExit as ended:
            code = int(ended.code or 0)
        monkeypatch.undo()
    assert code in {0, 1, 2, 3}
