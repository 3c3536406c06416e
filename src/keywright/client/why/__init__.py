"""Why a call was denied: by what the service tells, by the refusal's words, by simulation; nothing is done."""
