"""The chart kit: each kind is compiled once per theme and shown as a template with data beside it.

Every chart takes a key that is unique on the page, a title that states a finding, and `alt`, the takeaway in words for
those who cannot see it; and offers its numbers as a table and as CSV.
"""

from cx.ui.charts.comparison import Group, bars, dots, funnel, pareto
from cx.ui.charts.control import Sample, control
from cx.ui.charts.distribution import boxes, histogram, nps_scale, scale
from cx.ui.charts.flows import gains, waterfall
from cx.ui.charts.gantt import Task, gantt
from cx.ui.charts.heat import Cell, heat
from cx.ui.charts.lines import Curve, lines, multiples, stacked, survival
from cx.ui.charts.outlook import Expected, outlook
from cx.ui.charts.relation import Dot, scatter
from cx.ui.charts.trend import Event, Point, trend

__all__ = [
    "Cell", "Curve", "Dot", "Event", "Expected", "Group", "Point", "Sample", "Task", "bars", "boxes", "control", "dots", "funnel", "gains", "gantt", "heat",
    "histogram", "lines", "multiples", "nps_scale", "outlook", "pareto", "scale", "scatter", "stacked", "survival", "trend", "waterfall",
]  # fmt: skip
