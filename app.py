"""The app, in two parts: the script of each run, and the server that runs it.

`streamlit run app.py` imports this module first and finds `app`; the script then runs under the name `__main__`.
"""

from __future__ import annotations

from pages.components import frame

if __name__ == "__main__":
    frame.run()
else:
    import streamlit as st

    from pages.components import projection, server, warming

    server.refuse_other_hosts()
    role = frame.process_role()
    app = st.App(
        "app.py",
        routes=[*server.routes(), *projection.routes()],
        middleware=server.middleware(role),
        lifespan=server.lifespan(warming.warm),
        on_script_error=frame.on_script_error,
    )
