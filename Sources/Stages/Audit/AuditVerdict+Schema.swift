extension AuditVerdict {
  /// What `verdict.json` looks like, as a JSON schema: `winnow audit --print-schema`.
  package static let schema = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "verdict.json of winnow audit",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "format", "verdict", "sentence", "samples", "named", "classes", "settings", "data", "result", "program",
        "build", "warnings"
      ],
      "properties": {
        "format": {"const": "winnow-verdict-1"},
        "verdict": {
          "enum": ["poisoned", "nothing-stands-out", "inconclusive"],
          "description": "what is said of the set as a whole"
        },
        "sentence": {"type": "string", "description": "the same for people"},
        "samples": {"type": "integer", "minimum": 0},
        "named": {"type": "integer", "minimum": 0, "description": "samples that are named poisoned"},
        "classes": {
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "clean", "uncertain", "poisoned"],
            "properties": {
              "name": {"type": "string"},
              "clean": {"type": "integer", "minimum": 0},
              "uncertain": {"type": "integer", "minimum": 0},
              "poisoned": {"type": "integer", "minimum": 0}
            }
          }
        },
        "controls": {
          "type": "array",
          "description": "triggers of our own in copies of the set, and what was found of them; with --thorough",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "share", "planted", "named", "found", "placebos", "placebosNamed"],
            "properties": {
              "name": {"type": "string"},
              "share": {"type": "number", "description": "of all samples"},
              "planted": {"type": "integer", "minimum": 0, "description": "samples with the trigger"},
              "named": {"type": "integer", "minimum": 0, "description": "of those, named poisoned"},
              "found": {"type": "boolean"},
              "placebos": {
                "type": "integer", "minimum": 0, "description": "samples with such a pattern and their own labels"
              },
              "placebosNamed": {"type": "integer", "minimum": 0}
            }
          }
        },
        "models": {
          "type": "array",
          "description": "the model that was to be repaired, and those that the audit made",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["stage", "clean", "cleanAgreeing", "poisoned", "poisonedAgreeing"],
            "properties": {
              "stage": {"type": "string", "description": "the stage that it is the artifact of"},
              "clean": {"type": "integer", "minimum": 0, "description": "samples named clean"},
              "cleanAgreeing": {
                "type": "integer", "minimum": 0, "description": "of those, the ones that it gives their label"
              },
              "poisoned": {"type": "integer", "minimum": 0, "description": "samples named poisoned"},
              "poisonedAgreeing": {
                "type": "integer", "minimum": 0, "description": "of those, the ones that it gives their label"
              }
            }
          }
        },
        "settings": {
          "type": "object",
          "additionalProperties": false,
          "required": ["effort", "repair", "overrides"],
          "properties": {
            "effort": {"enum": ["quick", "standard", "thorough"]},
            "repair": {"type": "boolean"},
            "retrain": {"type": "boolean"},
            "model": {"type": "string", "description": "SHA-256 of the model that was given to be repaired"},
            "classes": {
              "type": "array", "items": {"type": "string"}, "description": "those looked at, where not all were"
            },
            "overrides": {"type": "array", "items": {"type": "string"}}
          }
        },
        "data": {
          "type": "object",
          "additionalProperties": false,
          "required": ["path", "origin", "sha256"],
          "properties": {
            "path": {"type": "string"},
            "origin": {"type": "string"},
            "sha256": {"type": "string", "description": "of pixels, labels and names as they were read"}
          }
        },
        "result": {"type": "string", "description": "SHA-256 of what every sample is taken for"},
        "program": {"type": "string"},
        "build": {"type": "string", "description": "SHA-256 of the program"},
        "warnings": {"type": "array", "items": {"type": "string"}}
      }
    }
    """
}
