"""What gunicorn serves: `gunicorn -k gevent -w 4 --no-control-socket tentqueue.wsgi:app`.

Settings come from the environment. Several workers need PostgreSQL; with SQLite start one, or
`tentqueue serve`. It is imported in each worker, after gevent has patched it.
"""

from __future__ import annotations

from tentqueue.app import create_app
from tentqueue.process import share_time
from tentqueue.settings import Settings
from tentqueue.tidying import keep_tidy

app = create_app(Settings.from_environment())
share_time()
keep_tidy()
