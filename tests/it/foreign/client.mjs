// A merchant's client as such clients are written: no library but Node's own.
// usage: node client.mjs BASE_URL PRIVATE_KEY PLATFORM_KEY insertion|sorted
import { createSign, createVerify } from "node:crypto";
import { readFileSync } from "node:fs";

const [base, privateKey, platformKey, order] = process.argv.slice(2);
const merchant = "101510000001";

function arranged(request) {
  if (order !== "sorted") return request;
  return Object.fromEntries(Object.keys(request).sort().map((name) => [name, request[name]]));
}

async function call(path, content) {
  const request = arranged(content);
  const signature = createSign("RSA-SHA256")
    .update(JSON.stringify(request))
    .sign(readFileSync(privateKey), "base64");
  const answer = await fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ request, signature }),
  });
  const body = await answer.json();
  const genuine = createVerify("RSA-SHA256")
    .update(JSON.stringify(body.response))
    .verify(readFileSync(platformKey), body.signature, "base64");
  if (!genuine) throw new Error("the answer does not verify");
  if (body.response.code !== "200") throw new Error(JSON.stringify(body.response));
  return body.response;
}

const made = await call("/v1/repayment", {
  msgId: `NODE${order}`,
  mchId: merchant,
  service: "pay.starpay.repayment",
  notifyUrl: "http://127.0.0.1:1/notify",
  deviceInfo: `web${order}`.slice(0, 8),
  trxAmount: 5555,
  currency: "PHP",
  attach: "Peñafrancia & co. <1/2>",
});
const found = await call("/v1/repayment/query", {
  msgId: `QRY${order}`,
  mchId: merchant,
  originalMsgId: `NODE${order}`,
  service: "unified.repayment.query",
});
if (!made.codeUrl.startsWith("000201") || found.trxState !== "PROCESSING") {
  throw new Error("not what a new collection looks like");
}
