"""What would it take? A target share for a field: how many more models, where, and how many a year."""

from dashboard import exhibits, ui

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Mục tiêu", "Muốn một lĩnh vực đạt tỷ trọng mong muốn thì cần thêm bao nhiêu mô hình, ở đâu?")
goal = ui.choose_goal(warehouse, choice)
if goal is None:
    ui.note(exhibits.NO_GOAL)
else:
    ui.show(exhibits.target_fields(warehouse, choice, goal), lead=exhibits.target_cards(warehouse, choice, goal))
    ui.note(exhibits.target_arithmetic(warehouse, choice, goal))
    ui.side_by_side(
        lambda: ui.show(exhibits.target_readings(warehouse, choice, goal)),
        lambda: ui.show(exhibits.target_districts(warehouse, choice, goal)),
    )
