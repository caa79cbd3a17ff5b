"""What a member may have of their data: all of it as a file, or its end. It sees all contexts."""
