"""The Celery application: queues, limits, and the schedule made from the feeds that exist."""

from __future__ import annotations

import os
import signal
import warnings
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from celery import Celery, signals
from celery.app.amqp import AMQP
from celery.beat import ScheduleEntry, Scheduler
from celery.platforms import SecurityWarning
from celery.schedules import schedule
from kombu.connection import Connection
from kombu.transport import redis, virtual

from cop import log as logging
from cop.allocator import return_memory
from cop.config import Settings
from cop.services.broker import TASK_LIMIT_S, broker_options, broker_url
from cop.store import open_store
from workers.alive import EVERY_S, Alive, say_alive
from workers.backlog import Backlog
from workers.lifeline import die_with_parent
from workers.schedule import beat_schedule
from workers.vision.plans import plans_of
from workers.vision.shards import looks_at_cameras, role_of, room_of

_SPREAD_S: Final = 5.0
"""After a start the first polls are spread over this time, not sent all at once."""
_TASK_SOFT_LIMIT_S: Final = 240
_RECONNECT_WITHIN_S: Final = 1.0
_YIELDS: Final = 5
"""By so much what looks at cameras steps back where one machine does everything."""
_WORN: Final = 0.8
"""Share of the memory it may take at which a process that looks at cameras is replaced."""


class _QuickConnection(Connection):
    """Tries again within a second: Celery's own pauses grow to half a minute."""

    def ensure_connection(self, *args: Any, **options: Any) -> Any:
        pauses = {"interval_start": 0.1, "interval_step": 0.3, "interval_max": _RECONNECT_WITHIN_S}
        return super().ensure_connection(*args, **(options | pauses))  # type: ignore[no-untyped-call]


class _QoS(redis.QoS):
    """Gives the place of a message that could not be acknowledged to the next one.

    Redis was away in that moment. Else it would count as being worked on for ever, and a worker
    all of whose places are taken so takes nothing any more, while it says that it is alive. The
    message comes back after its visibility timeout: most have expired by then, and what is done
    again changes nothing.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


redis.Channel.QoS = _QoS


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
        task_time_limit=TASK_LIMIT_S,
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
        broker_transport_options=broker_options(settings),
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
        self._backlog = Backlog(self._size)
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

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send what is due, unless too much waits already."""
        if self._backlog.has_room(entry.options["queue"]):
            super().apply_entry(entry, producer=producer)

    def _size(self, queue: str) -> int:
        return int(self.producer.channel.queue_declare(queue).message_count)

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


@signals.task_prerun.connect
def _name_task(task_id: str, task: Any, **_: Any) -> None:
    headers = getattr(task.request, "headers", None) or {}
    logging.begin_task(task.name, task_id, str(headers.get("request_id", "")))


@signals.task_postrun.connect
def _forget_task(**_: Any) -> None:
    logging.end_task()


@signals.setup_logging.connect
def _log(**_: Any) -> None:
    logging.configure()


def _queues() -> frozenset[str]:
    """Name the queues that this worker takes tasks from."""
    return frozenset(app.amqp.queues.consume_from)


@cache
def _room() -> int:
    """Give the bytes that a process of a worker that looks at cameras may take."""
    settings = Settings()
    return room_of(plans_of(settings), _queues(), settings.vision_shards)


@signals.worker_init.connect
def _set_up(sender: Any, **_: Any) -> None:
    """Keep a process that looks at cameras for as long as it does not grow.

    It has learned how each place looks with nobody there; a new one begins anew.
    """
    if looks_at_cameras(_queues()):
        sender.max_tasks_per_child = None
        sender.max_memory_per_child = int(_WORN * _room()) // 1024


@signals.worker_process_init.connect
def _bind(**_: Any) -> None:
    """End a pool process with its worker: nobody would give it work again.

    One that decodes frames is bounded before it sees the first, and yields to all others: whoever
    waits for a page waits for no count.
    """
    die_with_parent(signal.SIGKILL, os.getppid())
    return_memory()
    if looks_at_cameras(_queues()):
        from workers.vision.sandbox import prepare

        prepare(_room())
        os.nice(_YIELDS)


@signals.worker_ready.connect
def _begin(**_: Any) -> None:
    """Mark from the worker's main process: the pool's processes come and go."""
    _alive.append(Alive(open_store(Settings()), role_of(_queues())))
    _alive[-1].start()


@signals.worker_shutting_down.connect
def _end(**_: Any) -> None:
    while _alive:
        _alive.pop().stop()
