"""How gunicorn serves the site; every value that a machine may want otherwise comes from the environment."""

import os
from pathlib import Path

MOST_WORKERS_ON_SQLITE = 4  # its writers wait for each other: more of them only make a longer queue
MOST_WORKERS = 17  # each keeps a connection to PostgreSQL, which by default accepts a hundred


def _workers() -> int:
    """WEB_CONCURRENCY, or one worker more than this process may use cores."""
    if os.environ.get("WEB_CONCURRENCY"):
        return int(os.environ["WEB_CONCURRENCY"])
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return min(len(os.sched_getaffinity(0)) + 1, MOST_WORKERS if on_postgres else MOST_WORKERS_ON_SQLITE)


def _address() -> str:
    """BIND and PORT as gunicorn writes them; IPv6 in brackets."""
    host, port = os.environ.get("BIND") or "127.0.0.1", os.environ.get("PORT") or "8000"
    return f"[{host.strip('[]')}]:{port}" if ":" in host else f"{host}:{port}"


wsgi_app = "amanat_tracker.wsgi:application"
chdir = str(Path(__file__).resolve().parent.parent)
bind = _address()

worker_class = "sync"  # pages are short and use the processor; slow clients are nginx's business
workers = _workers()
timeout = 60
graceful_timeout = 30
max_requests = 2000  # a worker is renewed now and then, not all of them at once
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108, heartbeats: memory, not disk
control_socket_disable = True  # by default a socket in $HOME that every gunicorn of this user would share

limit_request_line = 8190  # the address of a list holds its filters
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"

loglevel = os.environ.get("LOG_LEVEL") or "warning"
accesslog = os.environ.get("ACCESS_LOG") or None  # a file, or - for standard output; nginx keeps one anyway
