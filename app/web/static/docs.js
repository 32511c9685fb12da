// Starts Swagger UI on our own description; nothing is asked of any other host.
"use strict";
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  docExpansion: "none",
  tryItOutEnabled: true,
  validatorUrl: null,
});
