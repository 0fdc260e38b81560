"""What is out of balance, how sure are we, what should be done?"""

from dashboard import exhibits, ui
from dashboard.access.rights import Right
from dashboard.exhibits import funnels, imbalance, support
from dashboard.topics import flags, review

context = ui.require_router()
warehouse, choice, viewer = context.warehouse, context.choice, context.viewer
PARTS = {
    "canh_bao": "Cảnh báo",
    "bang_chung": "Bằng chứng",
    "can_ho_tro": "Cần hỗ trợ",
    "phuong_phap": "Phương pháp",
}
found = ui.flags_seen(context)

ui.heading("Mất cân đối", "Chỗ nào mất cân đối, chắc đến đâu, nên làm gì?")
ui.flags_left_out(context)
ui.flag_summary(review.summary(warehouse, choice, found))
allowed = {"bang_chung": viewer.may(Right.VIEW_RETURNS), "can_ho_tro": viewer.may(Right.VIEW_SUPPORT)}
part = ui.choose_part("phan", PARTS, allowed)
if part == "canh_bao":
    ui.flag_lines(found)
    shown = flags.narrowed(found, *ui.choose_each(flags.filters(found)))
    ui.flag_cards(shown)
    ui.download(exhibits.flag_list(warehouse, choice, shown), "Tải các cảnh báo (CSV)")
elif part == "bang_chung":
    ui.claim(imbalance.claims(warehouse))
    against = ui.choose_part("so_voi", funnels.AGAINST)
    ui.side_by_side(
        lambda: ui.show(exhibits.rate_funnel(warehouse, choice, against)),
        lambda: ui.show(exhibits.concentration_curve(warehouse, choice)),
    )
    for exhibit in imbalance.flagged_heats(warehouse, choice):
        ui.show(exhibit)
    ui.show(exhibits.award_funnel(warehouse, choice))
elif part == "can_ho_tro":
    ui.reasons(support.reasons(warehouse))
    ui.show(exhibits.support_ranks(warehouse, choice))
else:
    for show in (exhibits.rule_book, exhibits.false_alarms, exhibits.power, exhibits.threshold_table):
        ui.show(show(warehouse, choice))
