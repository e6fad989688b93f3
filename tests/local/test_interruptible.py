"""Ctrl-C ends a command without a trace: at once, or once what is known so far is shown."""

import signal
import subprocess
import sys
import textwrap
from typing import NamedTuple

from local.stack import ROOT


class Ended(NamedTuple):
    """How a program ended, and what it wrote."""

    code: int
    out: str
    err: str


def interrupted(script: str) -> Ended:
    """Run a program, and interrupt it once it has written a line."""
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=20)
    return Ended(program.returncode, out, err)


def test_what_is_known_is_shown_and_threads_that_fail_meanwhile_leave_no_trace() -> None:
    ended = interrupted(
        """
        import signal, threading, time
        from local.interruptible import interruptible

        signal.signal(signal.SIGINT, signal.default_int_handler)

        def fail():
            time.sleep(0.3)
            raise RuntimeError("what it works with is gone")

        def work():
            threading.Thread(target=fail).start()
            print("ready", flush=True)
            time.sleep(60)

        def last_words():
            time.sleep(0.6)
            print("what is known")

        interruptible(work, last_words)
        """
    )

    assert ended == Ended(130, "what is known\n", "")


def test_a_process_that_the_work_starts_does_not_see_it() -> None:
    ended = interrupted(
        """
        import os, signal, subprocess, sys, time
        from local.interruptible import interruptible

        signal.signal(signal.SIGINT, signal.default_int_handler)
        CHILD = "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); print('lives')"

        def work():
            subprocess.run([sys.executable, "-c", CHILD], check=True, stdout=sys.stderr)
            print("ready", flush=True)
            time.sleep(60)

        interruptible(work, exit_code=0)
        """
    )

    assert ended == Ended(0, "", "lives\n")


def test_an_answer_and_an_error_of_the_work_are_handed_on() -> None:
    script = """
        from local.interruptible import interruptible
        print(interruptible(lambda: 7))
        try:
            interruptible(lambda: 1 / 0)
        except ZeroDivisionError as error:
            print(error)
        """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )

    assert (ran.stdout, ran.stderr) == ("7\ndivision by zero\n", "")


def test_while_a_command_is_imported_it_ends_at_once() -> None:
    ended = interrupted(
        """
        import builtins, signal, sys, time
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from local import cli

        class Slow:
            def find_spec(self, name, path=None, target=None):
                if name == "typer":
                    print("ready", flush=True)
                    time.sleep(60)

        sys.meta_path.insert(0, Slow())
        cli.main()
        """
    )

    assert ended == Ended(-signal.SIGINT, "", "")


def test_who_ignores_it_goes_on_ignoring_it() -> None:
    ended = interrupted(
        """
        import os, signal, time
        from local.interrupts import ending_at_once, raising
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with ending_at_once(), raising():
            print("ready", flush=True)
            time.sleep(0.5)
        print("lives")
        """
    )

    assert ended == Ended(0, "lives\n", "")
