"""KPIs of retention: who stays, who leaves, and what that does to revenue. Sales answers for them."""

from __future__ import annotations

from cx.analytics.lifecycle import (
    AVERAGE_ORDER_VALUE,
    INACTIVITY_CHURN,
    REPEAT_PURCHASE_RATE,
    average_order_value,
    inactivity_churn,
    repeat_purchase_rate,
)
from cx.analytics.retention import CHURNED_CUSTOMERS, LOGO_CHURN, LOGO_CHURN_DAILY, logo_churn
from cx.analytics.revenue import ARPA, GROSS_MRR_CHURN, GRR, MRR, NET_MRR_CHURN, NRR, REACTIVATED, mrr_movements
from cx.blueprint.kpi import Kpi

LENGTH = "Grows with the length of the period: compare periods of equal length."
ONE_CURRENCY = "Amounts in several currencies are never added: choose one."

KPIS = (
    Kpi("logo_churn", "Customer churn", "Which share of our customers left?", LOGO_CHURN, logo_churn, "sales", "%", "lower", months=12, yearly="lost", target=15.0,
        caveats=f"Customers at the start who left, of customers at the start. {LENGTH}"),
    Kpi("logo_churn_daily", "Customer churn (daily)", "Which share left, day by day?", LOGO_CHURN_DAILY, logo_churn, "sales", "%", "lower", months=12, yearly="lost",
        caveats=f"The sum over days of who left that day, of who was there that morning. Not to be compared with the start-base formula. {LENGTH}"),
    Kpi("churned_customers", "Customers lost", "How many customers left?", CHURNED_CUSTOMERS, logo_churn, "sales", "customers", "lower", months=12, minimum=1,
        caveats=f"Of those at the start; who joined and left in between is named in the warning. {LENGTH}"),
    Kpi("gross_mrr_churn", "Gross revenue churn", "Which share of recurring revenue was lost or reduced?", GROSS_MRR_CHURN, mrr_movements, "sales", "%", "lower",
        months=12, yearly="lost", caveats=f"Churn and contraction of the revenue at the start. {LENGTH} {ONE_CURRENCY}"),
    Kpi("net_mrr_churn", "Net revenue churn", "Which share of recurring revenue was lost after what the others added?", NET_MRR_CHURN, mrr_movements, "sales", "%",
        "lower", months=12, yearly="lost", caveats=f"Below zero where expansion outweighs loss. {LENGTH} {ONE_CURRENCY}"),
    Kpi("grr", "Gross retention (GRR)", "How much of the recurring revenue at the start is still there?", GRR, mrr_movements, "sales", "%", "higher", months=12, yearly="kept",
        target=85.0, caveats=f"Never above 100 percent. {LENGTH} {ONE_CURRENCY}"),
    Kpi("nrr", "Net retention (NRR)", "What has become of the revenue of the customers we had?", NRR, mrr_movements, "sales", "%", "higher", months=12, yearly="kept", target=100.0,
        caveats=f"New customers are not in it. {LENGTH} {ONE_CURRENCY}"),
    Kpi("mrr", "Monthly revenue (MRR)", "How much revenue recurs each month?", MRR, mrr_movements, "sales", "currency", "higher", months=12, minimum=1,
        caveats=f"As the period ends; trials carry none. {ONE_CURRENCY}"),
    Kpi("arpa", "Revenue per account", "How much recurring revenue does a paying customer bring a month?", ARPA, mrr_movements, "sales", "currency", "higher", months=12,
        caveats=f"A mean, so a few large customers move it. {ONE_CURRENCY}"),
    Kpi("reactivated_customers", "Won back", "How many customers who had left pay again?", REACTIVATED, mrr_movements, "sales", "customers", "higher", months=12,
        minimum=1, caveats="Paid before, not at the start, and again at the end."),
    Kpi("inactivity_churn", "Gone quiet", "How many buyers without a contract have stopped buying?", INACTIVITY_CHURN, inactivity_churn, "sales", "%", "lower",
        options={"days": 90}, months=12, caveats="Gone means no purchase for 90 days; a choice, and named with the value."),
    Kpi("repeat_purchase_rate", "Repeat purchase", "How many who buy, buy again?", REPEAT_PURCHASE_RATE, repeat_purchase_rate, "sales", "%", "higher", months=12,
        caveats=LENGTH),
    Kpi("average_order_value", "Order value", "How much is a typical order worth?", AVERAGE_ORDER_VALUE, average_order_value, "sales", "currency", "higher",
        caveats=ONE_CURRENCY),
)  # fmt: skip
