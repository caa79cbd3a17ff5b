"""What runs, deploys and measures the mall; nothing here is deployed."""
