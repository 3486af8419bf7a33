"""The tasks: each a call to what does the work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from cop.clock import Clock
from cop.config import Settings
from cop.errors import Conflict, Misconfigured, NotFound, StoreUnavailable
from cop.model.exchange import Layer
from cop.services import journal_proof, upkeep
from cop.services.accounts import open_accounts
from cop.services.commands.desk import Desk
from cop.services.delivery.deliverer import Deliverer
from cop.services.exchange.originals import Originals
from cop.services.exchange.partners import partners_of
from cop.services.fusion.keeper import FusionKeeper
from cop.services.layers.set_up import layers_of
from cop.services.positions import withdraw_off_duty
from cop.services.setup_files import Found
from cop.services.uploads import give_up_old
from cop.services.views import WITHIN_S
from cop.services.watch.keeper import Keeper
from cop.store import open_store
from cop.store.port import Store
from workers.app import app
from workers.cap_sources import forget_sources
from workers.deliver import open_deliverer
from workers.exchange import exchange_with
from workers.exchange_gone import forget_partners
from workers.exchange_line import LIMIT_S, SOFT_LIMIT_S
from workers.layers.fetching import Ways as LayerWays
from workers.layers.fetching import fetch_layer
from workers.layers.survey import ASKED_FOR_S, due, was_fetched
from workers.layers.survey import survey as survey_layers
from workers.poll import poll_feed
from workers.registry import find_feed
from workers.transports import LiveTransport, open_transport
from workers.vision.plans import Plans, plans_of
from workers.vision.survey import survey as survey_cameras
from workers.vision.wary import LOOK_LIMIT_S, LOOK_SOFT_LIMIT_S

if (
    TYPE_CHECKING
):  # what loads OpenCV is imported by the process that looks at cameras, when it does
    from workers.vision.live import Live
    from workers.vision.look import Looker, Ways

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Means:
    """What a worker process works with; made on its first task, never shared across a fork."""

    settings: Settings
    clock: Clock
    store: Store
    transport: httpx.BaseTransport


@cache
def _means() -> _Means:
    settings = Settings()
    return _Means(settings, settings.clock(), open_store(settings), open_transport(settings))


@cache
def _keeper() -> Keeper:
    """Make what remembers, from run to run, all that the rules look at."""
    return Keeper(_means().store)


@cache
def _fusions() -> FusionKeeper:
    """Make what remembers, from run to run, every open report."""
    return FusionKeeper(_means().store)


@cache
def _deliverer() -> Deliverer | None:
    """Make what remembers, from run to run, what is due to whom; None where nothing is pushed."""
    return open_deliverer(_means().settings, _means().store)


@cache
def _desk() -> Desk:
    """Give the parts of the operation, for what stands in its journal."""
    means = _means()
    return Desk(means.store, open_accounts(means.settings), means.clock, means.settings)


@cache
def _lines(private: bool) -> LiveTransport:
    """Give how partners are reached; an exercise has partners of its own, and reaches them too."""
    return LiveTransport(allow_private=private)


@cache
def _plans() -> Plans:
    """Read how the cameras are set up; a file that cannot be used is told of in the log."""
    plans = plans_of(_means().settings)
    for fault in plans.faults:
        log.warning("camera_file_refused", file=fault.file, reasons=list(fault.words))
    return plans


@cache
def _layers() -> Found[Layer]:
    """Read which layers of others are set up; a file that cannot be used is told of in the log."""
    layers = layers_of(_means().settings)
    for fault in layers.faults:
        log.warning("layer_file_refused", file=fault.file, reasons=list(fault.words))
    return layers


@cache
def _ways() -> Ways:
    from workers.vision.look import Ways

    means = _means()
    private = open_transport(means.settings, private=True)
    return Ways(means.transport, private, means.clock, means.settings.contact)


@cache
def _looker() -> Looker:
    """Make what remembers, from look to look, how each place looks."""
    from workers.vision.look import Looker

    means = _means()
    return Looker(means.store, _plans(), means.clock, _ways().open)


@cache
def _live() -> Live:
    from workers.vision.live import Live

    return Live(_means().store, _plans(), _ways())


@app.task(name="workers.tasks.poll")
def poll(key: str) -> None:
    """Poll the feed *key* once."""
    means = _means()
    try:
        poll_feed(
            means.store,
            find_feed(key, means.settings),
            clock=means.clock,
            transport=means.transport,
            contact=means.settings.contact,
            originals=Originals(means.settings),
        )
    except (NotFound, Misconfigured, StoreUnavailable) as error:
        log.warning("poll_not_done", feed=key, reason=str(error))


@app.task(name="workers.tasks.expire")
def expire() -> None:
    """Take off the picture what has expired, and where those are who are not on duty."""
    means = _means()
    try:
        upkeep.expire(means.store, means.clock.now())
        withdraw_off_duty(means.store, means.clock.now())
    except StoreUnavailable as error:
        log.warning("expiry_not_done", reason=str(error))


@app.task(name="workers.tasks.fuse")
def fuse() -> None:
    """Bring the proposals of which reports are of one thing up to date."""
    means = _means()
    try:
        _fusions().run(means.clock.now())
    except StoreUnavailable as error:
        log.warning("fusion_not_done", reason=str(error))


@app.task(name="workers.tasks.trim")
def trim() -> None:
    """Cut the log to its length; forget old removals, CAP sources, messages, unfinished pieces."""
    means = _means()
    try:
        upkeep.trim(means.store)
        give_up_old(means.settings)
        forget_sources(means.store, means.settings)
        upkeep.forget_originals(means.store, Originals(means.settings))
    except (Conflict, NotFound, OSError, StoreUnavailable) as error:
        log.warning("trimming_not_done", reason=str(error))


@app.task(name="workers.tasks.anchor")
def anchor() -> None:
    """Note the head of the journal outside the store."""
    means = _means()
    try:
        journal_proof.anchor(means.store, journal_proof.anchors_file(means.settings))
    except (StoreUnavailable, OSError) as error:
        log.warning("anchor_not_noted", reason=str(error))


@app.task(name="workers.tasks.watch")
def watch() -> None:
    """Bring the attention queue up to date."""
    means = _means()
    try:
        _keeper().run(means.clock.now())
    except StoreUnavailable as error:
        log.warning("watch_not_done", reason=str(error))


@app.task(name="workers.tasks.deliver")
def deliver() -> None:
    """Push orders and assignments to the phones of those who have not had them."""
    means = _means()
    try:
        deliverer = _deliverer()
        if deliverer is not None:
            deliverer.run(means.clock.now())
    except (StoreUnavailable, Misconfigured) as error:
        log.warning("delivery_not_done", reason=str(error))


@app.task(name="workers.tasks.exchange", soft_time_limit=SOFT_LIMIT_S, time_limit=LIMIT_S)
def exchange(partner: str) -> None:
    """Fetch from *partner*, an id without `partner:`, and send it what waits, once."""
    means = _means()
    plan = partners_of(means.settings).get(partner)
    if plan is None:  # its file is gone, or cannot be used any more
        return
    try:
        exchange_with(_desk(), plan, _lines(plan.private), contact=means.settings.contact)
    except StoreUnavailable as error:
        log.warning("exchange_not_done", partner=partner, reason=str(error))


@app.task(name="workers.tasks.forget_partners")
def forget_gone_partners() -> None:
    """Take off the picture the partners whose file is gone, and what they gave."""
    means = _means()
    try:
        forget_partners(means.settings, means.store, means.clock.now())
    except (StoreUnavailable, Conflict) as error:
        log.warning("partners_not_forgotten", reason=str(error))


@app.task(name="workers.tasks.look", soft_time_limit=LOOK_SOFT_LIMIT_S, time_limit=LOOK_LIMIT_S)
def look(camera: str) -> None:
    """Look through *camera*, an id without `camera:`, once."""
    try:
        _looker().look(camera)
    except (StoreUnavailable, Conflict) as error:
        log.warning("look_not_done", camera=camera, reason=str(error))


@app.task(name="workers.tasks.view", soft_time_limit=WITHIN_S, time_limit=WITHIN_S + 5)
def view(asked: dict[str, Any]) -> None:
    """Fetch one frame for somebody who may see it; *asked* is a `cop.services.views.Ask`."""
    try:
        _live().answer(asked)
    except StoreUnavailable as error:
        log.warning("view_not_done", reason=str(error))


@app.task(name="workers.tasks.survey")
def survey() -> None:
    """Say how the cameras do, and take off the picture what no plan has."""
    means = _means()
    try:
        survey_cameras(means.store, _plans(), means.clock.now(), means.clock.speed)
    except (StoreUnavailable, Conflict) as error:
        log.warning("survey_not_done", reason=str(error))


@app.task(name="workers.tasks.layers")
def layers() -> None:
    """Bring the layers of others in step with what is set up, and ask for those that are due."""
    means = _means()
    try:
        now, speed = means.clock.now(), means.clock.speed
        known = survey_layers(means.store, _layers(), now)
        for layer_id in due(means.store, known.values(), now, speed):
            layer.apply_async((layer_id,), queue="feeds", expires=ASKED_FOR_S)
    except StoreUnavailable as error:
        log.warning("layers_not_surveyed", reason=str(error))


@app.task(name="workers.tasks.layer")
def layer(layer_id: str) -> None:
    """Fetch one layer of somebody else's once."""
    means = _means()
    ways = LayerWays(means.transport, means.settings.layer_hosts, means.settings.contact)
    try:
        fetch_layer(means.store, layer_id, means.clock, ways)
        was_fetched(means.store, layer_id)
    except StoreUnavailable as error:
        log.warning("layer_not_fetched", layer=layer_id, reason=str(error))
