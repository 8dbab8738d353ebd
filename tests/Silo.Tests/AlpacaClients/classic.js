// What a program written with Alpaca's client 3.x does in a day. Arguments: the base URL and a key id.
"use strict";
const assert = require("node:assert/strict");
const Alpaca = require("alpaca-classic");

const [baseUrl, keyId] = process.argv.slice(2);
const alpaca = new Alpaca({ keyId, secretKey: "any", paper: true, baseUrl, dataBaseUrl: baseUrl });

const resting = (name, symbol = "AAPL") => ({
  symbol, qty: 2, side: "buy", type: "limit", time_in_force: "gtc", limit_price: 1.5, client_order_id: name,
});

async function refused(call, status) {
  const error = await call.then(() => assert.fail("it was not refused"), (e) => e);
  assert.equal(error.response?.status, status, error.message);
  assert.equal(typeof error.response.data.message, "string");
  assert.ok(Number.isInteger(error.response.data.code));
}

async function main() {
  const account = await alpaca.getAccount();
  assert.equal(account.status, "ACTIVE");
  assert.equal(account.trading_blocked, false);
  assert.ok(Number(account.equity) > 0);
  assert.equal((await alpaca.getClock()).is_open, true);
  assert.equal((await alpaca.getAsset("AAPL")).tradable, true);

  const placed = await alpaca.createOrder(resting(`${keyId}-1`));
  assert.equal(placed.status, "new");
  assert.equal(placed.qty, "2");
  assert.equal(placed.limit_price, "1.5");
  const crypto = await alpaca.createOrder(resting(`${keyId}-2`, "BTC/USD"));
  assert.equal(crypto.symbol, "BTC/USD");

  assert.deepEqual((await alpaca.getOrders({ status: "open" })).map((o) => o.id).sort(), [placed.id, crypto.id].sort());
  assert.deepEqual((await alpaca.getOrders({ status: "open", symbols: "AAPL", limit: 10, direction: "asc" })).map((o) => o.id), [placed.id]);
  assert.equal((await alpaca.getOrder(placed.id)).client_order_id, `${keyId}-1`);
  assert.equal((await alpaca.getOrderByClientId(`${keyId}-1`)).id, placed.id);
  await refused(alpaca.getOrderByClientId("nobody"), 404);
  await refused(alpaca.createOrder(resting(`${keyId}-1`)), 422);

  const moved = await alpaca.replaceOrder(placed.id, { qty: "3", limit_price: "1.6", client_order_id: `${keyId}-3` });
  assert.equal(moved.replaces, placed.id);
  assert.equal(moved.qty, "3");
  assert.equal((await alpaca.getOrder(placed.id)).status, "replaced");
  assert.equal((await alpaca.getOrder(placed.id)).replaced_by, moved.id);

  await alpaca.cancelOrder(moved.id);
  assert.equal((await alpaca.getOrder(moved.id)).status, "canceled");
  await refused(alpaca.cancelOrder(moved.id), 422);
  await refused(alpaca.cancelOrder("00000000-0000-0000-0000-000000000000"), 404);
  const all = await alpaca.cancelAllOrders();
  assert.deepEqual(all.map((one) => [one.id, one.status]), [[crypto.id, 200]]);
  assert.deepEqual(await alpaca.getOrders({ status: "open" }), []);

  for (const [symbol, side] of [["AAPL", "buy"], ["MSFT", "sell"], ["ETH/USD", "buy"]]) {
    const filled = await alpaca.createOrder({ symbol, qty: 2, side, type: "market", time_in_force: "gtc" });
    assert.equal((await alpaca.getOrder(filled.id)).status, "filled");
  }

  const positions = await alpaca.getPositions();
  assert.deepEqual(positions.map((p) => [p.symbol, p.side, p.qty]).sort(), [["AAPL", "long", "2"], ["ETHUSD", "long", "2"], ["MSFT", "short", "-2"]]);
  assert.equal((await alpaca.getPosition("AAPL")).qty, "2");
  const closing = await alpaca.closePosition("AAPL");
  assert.equal(closing.side, "sell");
  await refused(alpaca.getPosition("AAPL"), 404);
  const closed = await alpaca.closeAllPositions();
  assert.deepEqual(closed.map((one) => [one.symbol, Number(one.status)]).sort(), [["ETHUSD", 200], ["MSFT", 200]]);
  assert.deepEqual(await alpaca.getPositions(), []);
  console.log("classic: done");
}

main().catch((error) => {
  console.error(error.stack ?? error);
  if (error.response) console.error(error.config?.method, error.config?.url, error.response.status, JSON.stringify(error.response.data));
  process.exitCode = 1;
});
