"""The pages: one script each at the top, shared parts in `components/`, which Streamlit does not take for pages."""
