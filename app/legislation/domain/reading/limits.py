"""How long texts may be, and how many of each part a record may have."""

from typing import Final

MAX_TITLE: Final = 500
MAX_NAME: Final = 200
MAX_NOTES: Final = 4_000
MAX_REASON: Final = 2_000
MAX_LINES: Final = 200
MAX_CLAIMS: Final = 20
MAX_VEHICLES: Final = 50
MAX_EXTERNAL_IDS: Final = 20
MAX_ACTIONS: Final = 500
# The longest bill that was measured has some 1,100 actions.
MAX_VEHICLE_ACTIONS: Final = 2_000
MAX_RELATIONS: Final = 50
MAX_ENACTMENTS: Final = 50
MAX_LINKS: Final = 1_000
