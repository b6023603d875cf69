"""An application that does nothing, in bare Flask: what it costs is what the machine is worth at the moment."""

from flask import Flask

app = Flask(__name__)


@app.post("/")
def nothing() -> str:
    """An empty answer."""
    return ""
