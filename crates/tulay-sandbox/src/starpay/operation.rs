//! What a path and a service ask for.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Receivers,
    Disburse,
    DisburseToOwn,
    DisburseToCode(&'static str),
    Query,
    Balance,
    Scan,
    Repay,
    Repayment,
    RepaymentByReference,
    Cancel,
    StaticCode,
    StaticCodeStatus,
    Collected,
}

impl Operation {
    /// The operation that a path and a service name.
    pub(super) fn of(path: &str, service: &str) -> Option<Self> {
        let found = OPERATIONS
            .into_iter()
            .find(|(_, known, of_path)| *known == path && *of_path == service);
        found.map(|(operation, ..)| operation)
    }

    /// Whether it is of section 6.
    pub(super) const fn collects(self) -> bool {
        matches!(
            self,
            Self::Repay
                | Self::Repayment
                | Self::RepaymentByReference
                | Self::Cancel
                | Self::StaticCode
                | Self::StaticCodeStatus
                | Self::Collected
        )
    }
}

/// Operation, path, `service`. Several services may share a path. But for the first two, 6.1 and
/// 6.2 the services are made up, and so are the paths of 5.7 and 6.6 to 6.9.
const OPERATIONS: [(Operation, &str, &str); 15] = [
    (Operation::DisburseToOwn, "/v1/disburse", "pay.starpay.disburse"),
    (Operation::DisburseToCode("P2M"), "/v1/disburse", "pay.starpay.p2m.disburse"),
    (Operation::DisburseToCode("P2P"), "/v1/disburse", "pay.starpay.p2p.disburse"),
    (Operation::Scan, "/v1/disburse/scanQr", "unified.disburse.scanQr"),
    (Operation::Repay, "/v1/repayment", "pay.starpay.repayment"),
    (Operation::StaticCode, "/v1/repayment", "pay.starpay.repayment.static"),
    (Operation::Repayment, "/v1/repayment/query", "unified.repayment.query"),
    (Operation::RepaymentByReference, "/v1/repayment/query/refNo", "unified.repayment.query.refNo"),
    (Operation::Cancel, "/v1/repayment/cancel", "unified.repayment.cancel"),
    (Operation::StaticCodeStatus, "/v1/repayment/static/status", "unified.repayment.static.status"),
    (Operation::Collected, "/v1/repayment/inquireBalance", "unified.repayment.inquireBalance"),
    (Operation::Receivers, "/v1/disburse/query/receivers", "pay.starpay.instapay.bank.list"),
    (Operation::Disburse, "/v1/disburse", "pay.starpay.instapay.disburse"),
    (Operation::Query, "/v1/disburse/query", "unified.disburse.query"),
    (Operation::Balance, "/v1/disburse/inquireBalance", "unified.disburse.inquireBalance"),
];

/// Whether the API has a path.
pub(super) fn has_path(path: &str) -> bool {
    OPERATIONS.iter().any(|(_, known, _)| *known == path)
}
