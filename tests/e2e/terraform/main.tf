# Everything of IAM that the AWS provider manages in one account, as issue 4 lists it.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "folder" {
  type        = string
  description = "where certificate.pem, key.pem and metadata.xml are"
}
variable "description" { type = string }
variable "team" { type = string }

provider "aws" {
  region                      = "us-east-1"
  skip_metadata_api_check     = true
  skip_region_validation      = true
  endpoints {
    iam = var.endpoint
    sts = var.endpoint
    s3  = var.endpoint
  }
  s3_use_path_style = true
}

data "aws_caller_identity" "me" {}

resource "aws_iam_account_alias" "lab" {
  account_alias = "terraform-lab"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 5
}

resource "aws_iam_user" "alice" {
  name                 = "alice"
  path                 = "/people/"
  permissions_boundary = aws_iam_policy.boundary.arn
  tags                 = { team = var.team }
  force_destroy        = true
}

resource "aws_iam_access_key" "alice" {
  user = aws_iam_user.alice.name
}

resource "aws_iam_user_login_profile" "alice" {
  user                    = aws_iam_user.alice.name
  password_reset_required = true
}

resource "aws_iam_user_policy" "alice" {
  name   = "own-keys"
  user   = aws_iam_user.alice.name
  policy = data.aws_iam_policy_document.own_keys.json
}

data "aws_iam_policy_document" "own_keys" {
  statement {
    actions   = ["iam:*AccessKey*", "iam:GetUser"]
    resources = ["arn:aws:iam::*:user/$${aws:username}"]
  }
}

resource "aws_iam_policy" "boundary" {
  name = "boundary"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["iam:*", "s3:*"], Resource = "*" }]
  })
}

resource "aws_iam_policy" "buckets" {
  name        = "buckets"
  path        = "/teams/"
  description = "List buckets"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = var.description, Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }]
  })
  tags = { team = var.team }
}

resource "aws_iam_user_policy_attachment" "alice" {
  user       = aws_iam_user.alice.name
  policy_arn = aws_iam_policy.buckets.arn
}

resource "aws_iam_group" "developers" {
  name = "developers"
  path = "/teams/"
}

resource "aws_iam_group_policy" "developers" {
  name   = "read-iam"
  group  = aws_iam_group.developers.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:Get*", Resource = "*" }] })
}

resource "aws_iam_group_policy_attachment" "developers" {
  group      = aws_iam_group.developers.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_group_membership" "developers" {
  name  = "developers"
  group = aws_iam_group.developers.name
  users = [aws_iam_user.alice.name]
}

resource "aws_iam_role" "worker" {
  name                 = "worker"
  path                 = "/services/"
  description          = var.description
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  tags = { team = var.team }
}

resource "aws_iam_role_policy" "worker" {
  name   = "list"
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:List*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.buckets.arn
}

resource "aws_iam_instance_profile" "worker" {
  name = "worker"
  role = aws_iam_role.worker.name
  tags = { team = var.team }
}

resource "aws_iam_service_linked_role" "autoscaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "lab"
}

resource "aws_iam_virtual_mfa_device" "phone" {
  virtual_mfa_device_name = "phone"
  tags                    = { team = var.team }
}

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
  tags            = { team = var.team }
}

resource "aws_iam_saml_provider" "idp" {
  name                   = "idp"
  saml_metadata_document = file("${var.folder}/metadata.xml")
  tags                   = { team = var.team }
}

resource "aws_iam_server_certificate" "web" {
  name             = "web"
  certificate_body = file("${var.folder}/certificate.pem")
  private_key      = file("${var.folder}/key.pem")
  tags             = { team = var.team }
}

resource "aws_iam_signing_certificate" "alice" {
  user_name        = aws_iam_user.alice.name
  certificate_body = file("${var.folder}/certificate.pem")
}

output "account" { value = data.aws_caller_identity.me.account_id }
output "access_key_id" { value = aws_iam_access_key.alice.id }
output "password_length" { value = nonsensitive(length(aws_iam_user_login_profile.alice.password)) }
