"""What is known of the images of a run, written for other programs and for people."""
