"""What runs in a notebook: the explorer, tables in their dress, JupyterLab."""
