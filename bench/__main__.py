"""`python -m bench`: the benches there are, each a command."""

import typer

from bench.audit import main as audit
from bench.coverage import main as coverage
from bench.deck import main as deck
from bench.documents import main as documents
from bench.drill import main as drill
from bench.faults import main as faults
from bench.flags import main as flags
from bench.growth import main as growth
from bench.hall import main as hall
from bench.licences import main as licences
from bench.load import main as load
from bench.pictures import main as pictures
from bench.screens import main as screens
from bench.speed import main as speed
from bench.start import main as start

app = typer.Typer(
    help="Kiểm nghiệm: phương pháp trên dữ liệu đã biết sự thật, tốc độ, hỏng hóc, giấy phép.",
    no_args_is_help=True,
    add_completion=False,
)
app.command("flags")(flags)
app.command("documents")(documents)
app.command("deck")(deck)
app.command("faults")(faults)
app.command("drill")(drill)
app.command("speed")(speed)
app.command("load")(load)
app.command("screens")(screens)
app.command("hall")(hall)
app.command("start")(start)
app.command("growth")(growth)
app.command("licences")(licences)
app.command("coverage")(coverage)
app.command("audit")(audit)
app.command("pictures")(pictures)


@app.callback()
def benches() -> None:
    """Keep the bench's name a part of the command."""


if __name__ == "__main__":
    app(prog_name="python -m bench")
