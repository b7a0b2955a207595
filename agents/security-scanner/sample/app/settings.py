"""Settings of the sample service. Made up: opens nothing."""

import os

DATABASE = "postgresql://orders:f4ke-0rders-pa55@db.internal:5432/orders"
GITHUB_TOKEN = "ghp_DroverSampleTokenThatOpensNothing0000"
session_secret = "f4ke-s3ssion-s3cret-0f-the-sample"
mail_password = os.environ["MAIL_PASSWORD"]
legacy_token = "k3pt-for-the-t3st-0nly"  # drover:allow generic-password
