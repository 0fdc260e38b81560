"""Every exhibit, one function each: (warehouse, choice, ...) -> Exhibit. Pages and exports take them from here.

They know nothing of the screens and files that show them.
"""

from dashboard.exhibit import Exhibit
from dashboard.exhibits.activities import (
    awarded_shares,
    districts_by_indicator,
    models_per_inspection,
    others_by_indicator,
    unit_years,
)
from dashboard.exhibits.copying import models_to_copy
from dashboard.exhibits.coverage import covered_by_district, covered_by_field
from dashboard.exhibits.differences import figure_changes, flag_changes, total_changes
from dashboard.exhibits.field_years import field_year_heat, field_years
from dashboard.exhibits.fields import field_shares, weak_fields
from dashboard.exhibits.funnels import award_funnel, rate_funnel
from dashboard.exhibits.imbalance import concentration_curve, flag_list
from dashboard.exhibits.ledger import place_ledger, printed_parts, printed_sums, province_ledger
from dashboard.exhibits.mentions import mentions
from dashboard.exhibits.method import false_alarms, power, rule_book, threshold_table
from dashboard.exhibits.place_years import district_panels, terrain_years
from dashboard.exhibits.places import district_field_heat, district_map, district_rates
from dashboard.exhibits.register import likely_duplicates, named_models, register_models
from dashboard.exhibits.register_counts import (
    register_by_field,
    register_by_unit,
    register_by_year,
    register_statuses,
)
from dashboard.exhibits.replication import replicated_models, typical_models
from dashboard.exhibits.returns import reporting_rates, returns_grid, returns_to_chase, unit_returns
from dashboard.exhibits.support import support_ranks, unit_spine
from dashboard.exhibits.targets import (
    NO_GOAL,
    target_arithmetic,
    target_cards,
    target_districts,
    target_fields,
    target_readings,
)
from dashboard.exhibits.weak_field import weak_field_cards, weak_field_goal, weak_field_years
from dashboard.exhibits.years import indicator_years, years_recognised

__all__ = [
    "NO_GOAL",
    "Exhibit",
    "award_funnel",
    "awarded_shares",
    "concentration_curve",
    "covered_by_district",
    "covered_by_field",
    "district_field_heat",
    "district_map",
    "district_panels",
    "district_rates",
    "districts_by_indicator",
    "false_alarms",
    "field_shares",
    "field_year_heat",
    "field_years",
    "figure_changes",
    "flag_changes",
    "flag_list",
    "indicator_years",
    "likely_duplicates",
    "mentions",
    "models_per_inspection",
    "models_to_copy",
    "named_models",
    "others_by_indicator",
    "place_ledger",
    "power",
    "printed_parts",
    "printed_sums",
    "province_ledger",
    "rate_funnel",
    "register_by_field",
    "register_by_unit",
    "register_by_year",
    "register_models",
    "register_statuses",
    "replicated_models",
    "reporting_rates",
    "returns_grid",
    "returns_to_chase",
    "rule_book",
    "support_ranks",
    "target_arithmetic",
    "target_cards",
    "target_districts",
    "target_fields",
    "target_readings",
    "terrain_years",
    "threshold_table",
    "total_changes",
    "typical_models",
    "unit_returns",
    "unit_spine",
    "unit_years",
    "weak_field_cards",
    "weak_field_goal",
    "weak_field_years",
    "weak_fields",
    "years_recognised",
]
