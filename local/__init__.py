"""The embedded cloud: runs the project's own program, machines and handlers on one machine."""
