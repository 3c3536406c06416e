# A bucket as most configurations have one: named, tagged, with S3's defaults.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}
variable "team" {}

provider "aws" {
  region                     = "us-east-1"
  s3_use_path_style          = true
  skip_metadata_api_check    = true
  skip_region_validation     = true
  skip_requesting_account_id = false
  endpoints {
    iam       = var.endpoint
    sts       = var.endpoint
    s3        = var.endpoint
    s3control = var.endpoint
  }
}

resource "aws_s3_bucket" "data" {
  bucket = "terraform-data"
  tags   = { team = var.team }
}
