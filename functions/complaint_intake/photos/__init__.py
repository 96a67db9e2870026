"""Photos: uploaded straight to S3, drawn anew, tied to one complaint."""
