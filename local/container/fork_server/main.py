"""Starts the processes of jobs by forking a Python that has loaded what they import. See ../fork-server.ts.

It imports next to nothing itself, and takes that out of `sys.modules` again: what a job finds there must not tell
it from a process of its own.
"""

import sys

FRESH = frozenset(sys.modules)

HERE = sys.path.pop(0)
WRITES_BYTECODE = not sys.dont_write_bytecode
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import job as job_process  # noqa: E402 - after FRESH has been taken
import server  # noqa: E402

sys.path.remove(HERE)
sys.path_importer_cache.pop(HERE, None)
sys.dont_write_bytecode = not WRITES_BYTECODE

request = server.serve(FRESH)

# From here on this is the process of a job. What the job does stands one frame below this one and no deeper.
source, namespace = job_process.become(request)
try:
    exec(compile(source, request.script, "exec", dont_inherit=True), namespace)  # noqa: S102 - to run the job's script is what it is there for
except SystemExit as end:
    if not end.code:
        job_process.leave_imports(request)
    raise
except BaseException as error:
    job_process.tell(error)
    raise
job_process.leave_imports(request)
