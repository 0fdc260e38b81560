"""One unit on one page: its flags, its place among others, its returns, its models, and those it could copy."""

from datetime import date

from dashboard import exhibits, ui
from dashboard.access.rights import Right
from dashboard.exhibits.support import rank_sentence
from dashboard.provenance.links import register_link
from dashboard.topics import flags, profile, review
from dashboard.topics.headlines import headlines
from dashboard.topics.register import Search

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice
SHOWN = 8

ui.heading("Đơn vị", "Một đơn vị đang ở đâu, vướng gì, học theo ai?")
if choice.don_vi_id is None or not context.sees_returns:
    hidden = "" if choice.don_vi_id is None else "Trang của đơn vị này chỉ đơn vị ấy và cấp tỉnh xem được. "
    ui.note(f"{hidden}Chọn một đơn vị ở dưới hoặc ở cột bên trái. Các đơn vị xếp theo tên, không xếp hạng.")
    ui.units_to_choose(profile.directory(warehouse, choice, context.viewer.units(Right.VIEW_RETURNS)))
else:
    found = ui.flags_seen(context)
    ui.cards(headlines(warehouse, choice))
    ui.claim(profile.standing(warehouse, choice))
    if found or profile.is_compared(warehouse, choice):
        ui.flag_summary(review.summary(warehouse, choice, found))
        ui.flag_cards(found, of_one=True)
    if profile.is_compared(warehouse, choice):
        ui.claim(rank_sentence(warehouse, choice))
        ui.show(exhibits.unit_spine(warehouse, choice, flags.flagged_indicators(found)))
    ui.show(exhibits.unit_returns(warehouse, choice, as_of=date.today()))
    ui.show(exhibits.field_year_heat(warehouse, choice, flags.flagged_years(found, choice.don_vi_id)))
    for field in profile.weak_fields(warehouse, choice, found):
        ui.show_list(
            exhibits.models_to_copy(warehouse, choice, field, limit=SHOWN),
            whole=lambda field=field: exhibits.models_to_copy(warehouse, choice, field),
        )
    ui.show(exhibits.mentions(warehouse, choice))
    ui.show_list(exhibits.register_models(warehouse, choice, Search(), limit=SHOWN))
    ui.ways([("Xem mọi mô hình của đơn vị", register_link(choice, don_vi=choice.don_vi_id))])
