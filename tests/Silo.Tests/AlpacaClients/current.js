// The same day with Alpaca's client 4.x, which checks and converts what it reads. Arguments: the base URL and a key id.
"use strict";
const assert = require("node:assert/strict");
const { trading } = require("alpaca-current");

const [baseUrl, keyId] = process.argv.slice(2);
const configuration = new trading.Configuration({ basePath: baseUrl, keyId, secret: "any" });
const orders = new trading.OrdersApi(configuration);
const positions = new trading.PositionsApi(configuration);

const resting = (clientOrderId, symbol = "AAPL") => ({
  symbol, qty: "2", side: "buy", type: "limit", timeInForce: "gtc", limitPrice: "1.5", clientOrderId,
});
const place = (postOrderRequest) => orders.postOrder({ postOrderRequest });

async function refused(call, status) {
  const error = await call.then(() => assert.fail("it was not refused"), (e) => e);
  assert.equal(error.status ?? error.response?.status, status, error.stack);
}

async function main() {
  const account = await new trading.AccountsApi(configuration).getAccount();
  assert.equal(account.status, "ACTIVE");
  assert.ok(Number(account.equity) > 0);

  const placed = await place(resting(`${keyId}-1`));
  assert.equal(placed.status, "new");
  assert.ok(placed.submittedAt instanceof Date);
  const crypto = await place(resting(`${keyId}-2`, "BTC/USD"));
  const open = await orders.getAllOrders({ status: "open" });
  assert.deepEqual(open.map((o) => o.id).sort(), [placed.id, crypto.id].sort());
  assert.equal((await orders.getOrderByOrderID({ orderId: placed.id })).clientOrderId, `${keyId}-1`);
  assert.equal((await orders.getOrderByClientOrderId({ clientOrderId: `${keyId}-1` })).id, placed.id);
  await refused(orders.getOrderByClientOrderId({ clientOrderId: "nobody" }), 404);

  const moved = await orders.patchOrderByOrderId({
    orderId: placed.id, patchOrderRequest: { qty: "3", limitPrice: "1.6", clientOrderId: `${keyId}-3` },
  });
  assert.equal(moved.replaces, placed.id);
  assert.equal((await orders.getOrderByOrderID({ orderId: placed.id })).status, "replaced");

  await orders.deleteOrderByOrderID({ orderId: moved.id });
  await refused(orders.deleteOrderByOrderID({ orderId: moved.id }), 422);
  const all = await orders.deleteAllOrders();
  assert.deepEqual(all.map((one) => [one.id, one.status]), [[crypto.id, 200]]);

  for (const [symbol, side] of [["AAPL", "buy"], ["MSFT", "sell"]]) {
    const filled = await place({ symbol, qty: "2", side, type: "market", timeInForce: "gtc" });
    assert.equal((await orders.getOrderByOrderID({ orderId: filled.id })).status, "filled");
  }

  const held = await positions.getAllOpenPositions();
  assert.deepEqual(held.map((p) => [p.symbol, p.side]).sort(), [["AAPL", "long"], ["MSFT", "short"]]);
  assert.equal((await positions.getOpenPosition({ symbolOrAssetId: "AAPL" })).qty, "2");
  const half = await positions.deleteOpenPosition({ symbolOrAssetId: "AAPL", percentage: 50 });
  assert.equal(half.qty, "1");
  const closed = await positions.deleteAllOpenPositions({ cancelOrders: true });
  assert.deepEqual(closed.map((one) => [one.symbol, Number(one.status)]).sort(), [["AAPL", 200], ["MSFT", 200]]);
  assert.deepEqual(await positions.getAllOpenPositions(), []);
  console.log("current: done");
}

main().catch((error) => {
  console.error(error.stack ?? error);
  process.exitCode = 1;
});
