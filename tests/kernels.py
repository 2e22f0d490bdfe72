"""
Kernels that need not import everything anew.

Run as a program, this imports what notebooks import and then forks a kernel for each that is asked
for: a process of its own, in which no notebook sees what another has left.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock

import pytest

IMPORTED = (
    *("ipykernel.kernelapp", "ipywidgets", "matplotlib.pyplot"),
    *("claimbook.figures", "claimbook.measures", "claimbook.notebook", "claimbook.report"),
)
INLINE = "module://matplotlib_inline.backend_inline"


class Kernel:
    """What the client asks of the process of a kernel: some of what ``subprocess.Popen`` has."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    def wait(self):
        while self.poll() is None:
            time.sleep(0.01)
        return 1

    def send_signal(self, number):
        os.kill(self.pid, number)


@contextmanager
def fork_kernels():
    """Have every kernel that is started within this block forked."""
    command = [sys.executable, "-P", __file__]
    environment = os.environ | {"MPLBACKEND": INLINE}
    pipe, lock = subprocess.PIPE, Lock()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as server:

        def launch(command, *, cwd, env, **_):
            arguments = command[command.index("ipykernel_launcher") + 1 :]
            with lock:
                server.stdin.write(json.dumps([arguments, str(cwd), dict(env)]) + "\n")
                server.stdin.flush()
                return Kernel(int(server.stdout.readline()))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("jupyter_client.provisioning.local_provisioner.launch_kernel", launch)
            yield


def _serve():
    for name in IMPORTED:
        with suppress(ModuleNotFoundError):  # then whoever needs it says so
            import_module(name)
    signal.signal(signal.SIGCHLD, _bury)
    for line in sys.stdin:
        if os.fork() == 0:
            _run(*json.loads(line))


def _bury(number, frame):
    """Take note of the kernels that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _run(arguments, folder, environment):
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()  # the client ends the group of a kernel
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # what pandas takes where it finds itself imported by a kernel, and not in a terminal
    pandas.set_option("display.max_columns", 20)
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["ipykernel_launcher", *arguments, parent]
    try:
        launch_new_instance()
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve()
