"""Charts: whole numbers in, SVG out. Pure: no framework, no database; colours and fonts are the stylesheet's.

Positions are whole tenths of a pixel, so that the same figures give the same bytes on every machine.
"""

from app.web.charts.area import NARROW, WIDE, AreaChart, Band, Frame
from app.web.charts.bars import Bar, Stride, bars, bridge, meter, stages
from app.web.charts.labels import spread
from app.web.charts.line import LineChart
from app.web.charts.poster import poster
from app.web.charts.ranking import Rank, ranking
from app.web.charts.scales import Scale, ticks
from app.web.charts.sparkline import sparkline
from app.web.charts.svg import Drawn
from app.web.charts.timeline import MOST_MOMENTS, Moment, timeline
from app.web.charts.waits import Wait, WaitGroup, waits

__all__ = [
    "MOST_MOMENTS",
    "NARROW",
    "WIDE",
    "AreaChart",
    "Band",
    "Bar",
    "Drawn",
    "Frame",
    "LineChart",
    "Moment",
    "Rank",
    "Scale",
    "Stride",
    "Wait",
    "WaitGroup",
    "bars",
    "bridge",
    "meter",
    "poster",
    "ranking",
    "sparkline",
    "spread",
    "stages",
    "ticks",
    "timeline",
    "waits",
]
