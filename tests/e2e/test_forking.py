"""A command that the tests fork is what the started one would be."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import forking
from tests.e2e.live_server import KEYWRIGHT, bare_environment

FACTS = """
import json, os, signal, sys
streams = sys.stdin, sys.stdout, sys.stderr
print(json.dumps({
    "argv": sys.argv, "path": sys.path[0], "main": sorted(globals()),
    "environment": dict(os.environ), "cwd": os.getcwd(),
    "open": sorted(int(one) for one in os.listdir("/proc/self/fd"))[:-1],
    "signals": {one.name: repr(signal.getsignal(one)) for one in signal.Signals},
    "kernel": [line for line in open("/proc/self/status")
               if line.startswith(("SigBlk", "SigIgn", "SigCgt", "Umask", "Seccomp", "NoNew"))],
    "limits": open("/proc/self/limits").read(), "typed": sys.stdin.read() if not os.isatty(0) else None,
    "leads": os.getsid(0) == os.getpid(), "group": os.getpgrp() == os.getpid(), "nice": os.nice(0),
    "streams": [
        [s.name, s.mode, s.encoding, s.errors, s.line_buffering, s.write_through, s.newlines, s.isatty(), s.fileno(),
         type(s.buffer).__name__, s.buffer.raw.name, s.buffer.raw.mode, s.buffer.raw.closefd]
        for s in streams
    ],
    "same": streams == (sys.__stdin__, sys.__stdout__, sys.__stderr__),
}))
"""
ENDS = {
    "at its end": "print('done', end='')",
    "by a code": "import sys; print('half'); sys.exit(300)",
    "in words": "import sys; sys.exit('no')",
    "by a fault": "1 / 0",
    "killed": "import os; print('lost'); os.kill(os.getpid(), 9)",
    "interrupted": "import os; os.kill(os.getpid(), 2)",
    "at once": "import os; os._exit(7)",
    "with a function": "import atexit; atexit.register(print, 'last'); print('first')",
    "with a thread": "import threading as t, time; t.Thread(target=lambda: (time.sleep(0.1), print('late'))).start()",
    "with nobody to read": "import os; r, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r); print('x')",
}


def both(*command: str, **asked: Any) -> list[Any]:
    """Run a command both ways; it was forked."""
    with forking.true_starts():
        started = subprocess.Popen(command, stdout=-1, stderr=-1, text=True, **asked)
        told = started.communicate("a\r\nb\n" if "stdin" in asked else None, timeout=60)
    forked = subprocess.Popen(command, stdout=-1, stderr=-1, text=True, **asked)
    assert isinstance(forked, forking.Forked)
    assert forked._link is not None, "it was started"
    told_too = forked.communicate("a\r\nb\n" if "stdin" in asked else None, timeout=60)
    return [(started.returncode, *told), (forked.returncode, *told_too)]


@pytest.mark.skipif(os.environ.get("TESTS_FORK") == "0", reason="nothing is forked: TESTS_FORK=0")
class TestForked:
    """Where commands are forked."""

    @pytest.mark.parametrize("session", [False, True])
    def test_it_has_what_it_was_given(self, tmp_path: Path, session: bool) -> None:
        """Arguments, variables, folder, umask, descriptors, signals, limits and streams are the started one's."""
        environment = bare_environment(tmp_path, X="\udcff ü", TZ="Asia/Tokyo")
        before = os.umask(0o027)
        try:
            started, forked = both(
                *(sys.executable, "-c", FACTS, "a", "--b=ü"),
                env=environment,
                cwd=tmp_path,
                stdin=-1,
                start_new_session=session,
            )
        finally:
            os.umask(before)
        assert started[2] == forked[2] == ""
        assert json.loads(forked[1]) == json.loads(started[1])

    @pytest.mark.parametrize("end", ENDS)
    def test_it_ends_as_it_would(self, tmp_path: Path, end: str) -> None:
        """Exit codes, signals, and what is said last are the started one's."""
        started, forked = both(sys.executable, "-c", ENDS[end], env=bare_environment(tmp_path), cwd=tmp_path)
        assert forked[:2] == started[:2]
        assert forked[2].splitlines()[-1:] == started[2].splitlines()[-1:]

    def test_it_is_at_a_terminal(self, tmp_path: Path) -> None:
        """On a terminal its streams are those of a terminal."""
        master, slave = pty.openpty()
        seen = []
        try:
            for context in (forking.true_starts(), contextlib.nullcontext()):
                with (
                    context,
                    subprocess.Popen(
                        [sys.executable, "-c", FACTS.replace("print(", "open('facts', 'w').write(")],
                        env=bare_environment(tmp_path),
                        cwd=tmp_path,
                        stdin=slave,
                        stdout=slave,
                        stderr=slave,
                    ) as process,
                ):
                    assert process.wait(60) == 0
                seen.append(json.loads((tmp_path / "facts").read_text()))
        finally:
            os.close(master)
            os.close(slave)
        assert seen[0] == seen[1]
        assert seen[0]["streams"][1][7] is True

    def test_it_can_be_killed_and_waited_for(self, tmp_path: Path) -> None:
        """It is told to end, killed and waited for by its number, as any process."""
        program = "import time; print('ready', flush=True); time.sleep(60)"
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
            with subprocess.Popen(
                [sys.executable, "-c", program], env=bare_environment(tmp_path), stdout=-1, stderr=-1, text=True
            ) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n"
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.05)
                assert process.poll() is None
                os.kill(process.pid, number)
                assert process.wait(30) == -number
                assert process.poll() == -number

    def test_the_first_of_a_verb_is_started(self, tmp_path: Path) -> None:
        """In each process of the tests a verb's first command is a true start; what concerns a start always is."""
        forking._begun.discard((str(KEYWRIGHT), "verb"))
        links = []
        for variables in ({}, {}, {"PYTHONUTF8": "1"}, {"LANG": "C"}):
            environment = bare_environment(tmp_path) | variables
            process = subprocess.Popen([KEYWRIGHT, "verb"], env=environment, cwd=tmp_path, stderr=subprocess.PIPE)
            _, said = process.communicate(timeout=60)
            assert (process.returncode, b"invalid choice: 'verb'" in said) == (2, True)
            links.append(process._link is not None)  # type: ignore[attr-defined]
        assert links == [False, True, False, False]
