"""What stands between the network and the app: hosts, headers, the guard, health, the API. Plain ASGI, without Streamlit."""
