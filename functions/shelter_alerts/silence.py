"""Notes when providers are silent: a shelter's history shows no figures for what nobody told."""

from collections.abc import Iterable
from datetime import datetime

from functions.shelter_alerts.board import Board
from functions.shelter_alerts.presence import SILENT_MS


def note(board: Board, provider_ids: Iterable[str], now: datetime) -> int:
    """Note each provider that told nothing for three heartbeats; return how many there are.

    Of who never told anything nothing is noted: there is no history before.
    """
    silent = 0
    for provider_id in provider_ids:
        reported_ms = board.reported_ms([provider_id])
        if reported_ms is not None and round(now.timestamp() * 1000) - reported_ms > SILENT_MS:
            board.note_silence(provider_id, now)
            silent += 1
    return silent
