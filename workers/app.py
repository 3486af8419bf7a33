"""The Celery application: queues, limits, and the schedule made from the feeds that exist."""

from __future__ import annotations

import os
import signal
import warnings
from datetime import datetime, timedelta
from typing import Any, Final

from celery import Celery, signals
from celery.app.amqp import AMQP
from celery.beat import ScheduleEntry, Scheduler
from celery.platforms import SecurityWarning
from celery.schedules import schedule
from kombu.connection import Connection

from cop import log as logging
from cop.config import Settings
from cop.store import open_store
from workers.alive import EVERY_S, Alive, say_alive
from workers.broker import broker_url
from workers.lifeline import die_with_parent
from workers.schedule import beat_schedule

_SPREAD_S: Final = 5.0
"""After a start the first polls are spread over this time, not sent all at once."""
_TASK_SOFT_LIMIT_S: Final = 240
_TASK_LIMIT_S: Final = 300
_RECONNECT_WITHIN_S: Final = 1.0


class _QuickConnection(Connection):
    """Tries again within a second: Celery's own pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        pauses = {"interval_start": 0.1, "interval_step": 0.3, "interval_max": _RECONNECT_WITHIN_S}
        return super().ensure_connection(*args, **(options | pauses))  # type: ignore[no-untyped-call]


class _QuickAMQP(AMQP):
    Connection = _QuickConnection


def make_app(settings: Settings) -> Celery:
    """Configure Celery for one operation."""
    made = Celery("cop", broker=broker_url(settings), include=["workers.tasks"], amqp=_QuickAMQP)
    made.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_accept_content=["json"],
        task_ignore_result=True,
        # Early acknowledgement: a poll lost with its worker is due again within its interval,
        # while one brought back by the broker would come minutes late.
        task_acks_late=False,
        task_default_queue="feeds",
        task_create_missing_queues=True,
        task_soft_time_limit=_TASK_SOFT_LIMIT_S,
        task_time_limit=_TASK_LIMIT_S,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_max_tasks_per_child=5000,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 2 * _TASK_LIMIT_S,
            "global_keyprefix": f"{settings.operation}:",
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
        },
        beat_scheduler="workers.app:MarkingScheduler",
        beat_max_loop_interval=EVERY_S,
        beat_schedule=beat_schedule(settings),
        timezone="UTC",
    )
    return made


# We take JSON alone, which makes what Celery fears of a worker run as root harmless.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = make_app(Settings())


class MarkingScheduler(Scheduler):
    """Celery's scheduler without a file, which says at every tick that it is alive.

    Nothing needs remembering between starts: after one, everything is due.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """Open the store beside what the scheduler does itself."""
        self._marks = open_store(Settings())
        super().__init__(*args, **options)

    def setup_schedule(self) -> None:
        """Make everything due within the first seconds, one after the other."""
        super().setup_schedule()
        now = self.app.now()
        entries = sorted(self.schedule.values(), key=lambda entry: entry.name)
        for place, entry in enumerate(entries):
            self.schedule[entry.name] = _first_due(
                entry, now, timedelta(seconds=_SPREAD_S * place / max(1, len(entries)))
            )

    def tick(self, *args: Any, **options: Any) -> float:
        """Send what is due, and say that we live."""
        say_alive(self._marks, "beat")
        wait = super().tick(*args, **options)
        return min(EVERY_S, EVERY_S if wait is None else wait)


def _first_due(entry: ScheduleEntry, now: datetime, after: timedelta) -> ScheduleEntry:
    every = entry.schedule.run_every if isinstance(entry.schedule, schedule) else timedelta(0)
    entry.last_run_at = now - every + after
    return entry


_alive: list[Alive] = []


@signals.setup_logging.connect
def _log(**_: Any) -> None:
    logging.configure()


@signals.worker_process_init.connect
def _bind(**_: Any) -> None:
    """End a pool process with its worker: nobody would give it work again."""
    die_with_parent(signal.SIGKILL, os.getppid())


@signals.worker_ready.connect
def _begin(**_: Any) -> None:
    """Mark from the worker's main process: the pool's processes come and go."""
    _alive.append(Alive(open_store(Settings()), "worker"))
    _alive[-1].start()


@signals.worker_shutting_down.connect
def _end(**_: Any) -> None:
    while _alive:
        _alive.pop().stop()
