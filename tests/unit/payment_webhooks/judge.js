// Judges cases with Midtrans' own client: reads a list of them as JSON, writes one answer for each.
const crypto = require("crypto");
const {SnapBi, SnapBiConfig} = require("midtrans-client");

const judges = {
  // The client has no verifier for these; this is the example of Midtrans' document.
  midtrans: ({order_id, status_code, gross_amount, server_key}) =>
    crypto.createHash("sha512").update(order_id + status_code + gross_amount + server_key).digest("hex"),
  verify: ({body, path, timestamp, signature, public_key}) => {
    SnapBiConfig.snapBiPublicKey = public_key;
    return SnapBi.notification()
      .withNotificationPayload(JSON.parse(body))
      .withSignature(signature)
      .withTimeStamp(timestamp)
      .withNotificationUrlPath(path)
      .isWebhookNotificationVerified();
  },
  sign: ({body, method, path, access_token, timestamp, client_secret}) =>
    SnapBi.getSymmetricSignatureHmacSh512(
      access_token, JSON.parse(body), method, path, client_secret, timestamp),
  gobiz: ({body, secret}) => crypto.createHmac("sha256", secret).update(body).digest("hex"),
};

let read = "";
process.stdin.on("data", (chunk) => (read += chunk));
process.stdin.on("end", () =>
  process.stdout.write(JSON.stringify(JSON.parse(read).map(({judge, ...one}) => judges[judge](one)))));
