//! The defects. Each is one line in the adapter.

macro_rules! wrongs {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One defect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Wrong {
            $($(#[$doc])* $name,)*
        }

        impl Wrong {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

wrongs! {
    /// Sends the first twenty characters of the order id.
    CutsTheId,
    /// Sends an id of its own instead.
    DropsTheId,
    /// Calculates amounts in floating point.
    Floats,
    /// Rounds what the wire cannot hold.
    Rounds,
    /// Pays rupiah as pesos.
    TakesRupiahForPesos,
    /// Reads a word it does not know as success.
    UnknownIsSuccess,
    /// Reads "returned" as paid.
    ReturnedIsPaid,
    /// Reads "failed" as paid, where it has just created the payout.
    CreatedFailedIsPaid,
    /// Sends again when the connection breaks.
    RetriesOnReset,
    /// Asks again when a look-up takes too long.
    RetriesLookUps,
    /// Asks for the balance again.
    RetriesBalances,
    /// Reads "seen before" as a rejection.
    DuplicateIsRejection,
    /// Reads "seen before" as success.
    DuplicateIsSuccess,
    /// Verifies what it parsed and wrote again.
    VerifiesWhatItWrote,
    /// Does the same with notifications.
    VerifiesWhatItWroteOfNotifications,
    /// Believes an answer without signature.
    AcceptsUnsigned,
    /// Believes any signature of the right length.
    AcceptsAnySignature,
    /// Believes what a key signed that was left over from tests.
    BelievesATestKey,
    /// Believes a rejection without signature.
    AcceptsUnsignedRejections,
    /// Believes a rejection that names nothing.
    AcceptsAnonymousRejections,
    /// Keeps every response as unsigned.
    ForgetsTheSignature,
    /// Says of a failed look-up that nothing was sent.
    FailedLookUpIsNotSent,
    /// Reads HTTP 404 as "no such order".
    NotFoundIsAbsent,
    /// Logs the account it pays to.
    LogsTheAccount,
    /// Prints its key.
    PrintsTheKey,
    /// Repeats the provider's words in an error.
    RepeatsTheWords,
    /// Keeps the time stamp of the first sending.
    KeepsTheTimeStamp,
    /// Counts its sendings in the message.
    CountsSendings,
    /// Reads the clock while preparing.
    PreparesWithTheClock,
    /// Does not compare the amount in a look-up.
    SkipsTheAmount,
    /// Does not compare the order in a look-up.
    SkipsTheOrder,
    /// Does not compare the account in an answer.
    SkipsTheAccount,
    /// Ends a payout by an answer without an amount.
    UnidentifiedIsFinal,
    /// Asks about another account.
    AsksAnotherAccount,
    /// Sends what was prepared for another account.
    SendsForAnotherAccount,
    /// Looks up something else.
    LooksUpSomethingElse,
    /// Signs something else than it sends.
    SignsSomethingElse,
    /// Is right; it is its harness that takes any request for genuine.
    HarnessTakesAnything,
    /// Is right; it is its harness that lists codes and says none.
    HarnessSaysNoCodes,
    /// Reads a generic code as a rejection.
    GenericIsRejection,
    /// Reads "paid too recently" as a rejection.
    SpacingIsRejection,
    /// Reads every rejection as one of content.
    EveryRejectionIsPermanent,
    /// Reads a code with two meanings, in a look-up, as "no such order".
    AmbiguousIsAbsent,
    /// Reads the same as the payout's failure.
    AmbiguousIsFailed,
    /// Reads a code it does not know as a rejection.
    UnlistedIsRejection,
    /// Reads a rejection of a server that failed.
    BelievesFailingServers,
    /// Cuts remarks to the length allowed.
    CutsRemarks,
    /// Cuts names to the length allowed.
    CutsNames,
    /// Pays without a name where one is required.
    MakesUpAName,
    /// Wants a mobile number, and does not say so.
    WantsMore,
    /// Refuses what does not fit without naming the field.
    NamesNoField,
    /// Pays to banks it does not know.
    TakesAnyBank,
    /// Ignores the extras under its own name.
    IgnoresExtras,
    /// Lists a corridor that it does not serve.
    ListsTooMuch,
    /// Pays to wallets as if they were banks.
    TakesWallets,
    /// Works where it is switched off.
    IgnoresTheSwitch,
    /// Reports the same balance for every account.
    TellsAnyBalance,
    /// Lists the institutions of any country.
    ListsAnyCountry,
    /// Says it is well without asking.
    IsAlwaysWell,
    /// Opens notifications without signature.
    OpensUnsigned,
    /// Opens notifications without looking at all of them.
    OpensChanged,
    /// Opens notifications of other accounts.
    OpensOthers,
    /// Opens notifications that name no account.
    OpensAnonymous,
    /// Reads every notification as pending.
    NotifiedIsPending,
    /// Drops the amount of a notification.
    ForgetsTheAmount,
    /// Panics at a short notification.
    Panics,
    /// Opens answers as notifications.
    OpensAnswers,
    /// Acknowledges what it could not store.
    AcknowledgesAll,
    /// Says that nothing was sent when only the second of two steps was not.
    SecondStepIsNotSent,
    /// Takes the second step although the first was refused.
    GoesOnAfterARejection,
    /// Asks by our id where only the provider's own is known there.
    AsksWithoutTheirId,
    /// Puts a number into the path as it came.
    GoesAstray,
    /// Drops the number of a draft that was not confirmed.
    DropsTheKnownReference,
    /// Takes over whatever number the confirmation names.
    AdoptsAnotherDraft,
    /// Reads a confirmed payout's end as pending.
    ConfirmedIsPending,
    /// Is content with any number, and not only the request's.
    BindsByAnyReference,
    /// Waits for ids and amounts that this platform never repeats.
    WaitsForWhatIsNeverSaid,
    /// Guarantees that an order id may be sent again, though it cannot be looked up by it.
    PromisesToSendAgain,
    /// Drops the code of a failure.
    DropsTheFailureCode,
    /// Takes a token that is always the same for a signature.
    TokenIsEvidence,
    /// Shows a code whatever amount it is over.
    ShowsAnyAmount,
    /// Shows a code whomever it pays.
    ShowsAnyPayee,
    /// Shows nothing to the payer.
    ShowsNothing,
    /// Believes an unsigned answer about a collection.
    AcceptsUnsignedCollections,
    /// Reads a lost answer to a withdrawal as done.
    LostWithdrawalIsDone,
    /// Reads a withdrawal of what was paid as done.
    PaidIsWithdrawn,
    /// Reads a code that it does not list as a refused withdrawal.
    UnlistedRefusesWithdrawals,
    /// Reads a collection's state that it does not know as paid.
    UnknownCollectionIsPaid,
    /// Believes payments of a static code that name no code.
    CreditsUnnamedCode,
    /// Lists payments of other codes.
    ListsPaymentsOfOthers,
    /// Lists payments in whole pesos.
    ListsWholePesos,
    /// Repeats the requested state of a code.
    CodeObeysAlways,
    /// Takes the amount in any currency for the request's.
    TakesAnyCurrency,
    /// Gives another payment back.
    RefundsAnotherPayment,
    /// Gives more back than was paid.
    RefundsMoreThanWasPaid,
    /// Reads the clock while preparing a refund.
    PreparesRefundsWithTheClock,
    /// Reads "seen before", of a refund, as a rejection.
    DuplicateRefundIsRejection,
    /// Puts the payer's name into an error.
    NamesThePayer,
    /// Reads balances in floating point.
    BalancesByFloat,
    /// Believes whatever the provider reads in a code.
    BelievesTheScan,
    /// Asks about codes that are none.
    ScansAnything,
    /// Does not say what kind of code it is.
    ForgetsTheKindOfCode,
    /// Returns any address as a report's.
    TellsAnyLink,
    /// Asks for the same day's report always.
    ReportsOneDay,
    /// Opens notifications of any size.
    OpensAnySize,
    /// Is content with the beginning of the token.
    ComparesTheTokensBeginning,
    /// Reports a payout without an order id as one of ours.
    TellsANamelessPayout,
    /// Puts its key into a header that is printed.
    PrintsTheKeyOfAHeader,
    /// Is not there: its harness gives it guarantees that it refuses.
    HarnessMakesNoAdapter,
    /// Is right; it is its harness that plants no secrets.
    HarnessPlantsNothing,
    /// Is right; it is its harness that does not know what a notification without account is.
    HarnessNamesNoAccounts,
    /// Takes every notification for one about the order that the address names.
    BelievesTheAddress,
    /// Reads an attempt to pay that failed as the end of the collection.
    FailedAttemptIsFinal,
    /// Reads the amounts of messages in floating point.
    ReadsByFloat,
    /// Does the same with notifications alone.
    ReadsNotifiedByFloat,
    /// Reads the digits of an amount, and no exponent.
    DropsTheExponent,
    /// Reads an amount up to its point.
    CutsDigits,
    /// Ends an order by an answer that names no account.
    UnnamedAccountIsFinal,
    /// Believes a refund whatever payment it is of.
    BelievesRefundsOfOthers,
    /// Compares the token without its case.
    ComparesTokensWithoutCase,
    /// Takes the signature of live mode in test mode.
    TakesTheOtherModesSignature,
    /// Is content with the beginning of a signature.
    ComparesTheSignaturesBeginning,
    /// Takes the first of two secrets alone.
    KnowsOneSecret,
    /// Opens notifications of live mode in test mode.
    OpensTheOtherMode,
    /// Writes whole numbers in its own form before it verifies a notification.
    VerifiesWholeNumbers,
    /// Sends the expiry in milliseconds where seconds are expected.
    ExpiresInMilliseconds,
    /// Drops the expiry.
    DropsTheExpiry,
    /// Sends a collection that has expired.
    SendsWhatHasExpired,
    /// Is right; it is its harness that lists a status that it never notifies.
    HarnessNotifiesTooLittle,
    /// Is right; it is its harness that names no other account, although answers name one.
    HarnessHidesTheAccount,
    /// Is right; it is its harness that names no other payment, although refunds name one.
    HarnessHidesThePayment,
    /// Reads the clock while preparing a collection.
    PreparesCollectionsWithTheClock,
    /// Sends as a static code what was prepared as another kind of order.
    SendsCodesOfAnyForm,
    /// Lists in its corridors that collections can be cancelled, and has no such role.
    HidesARole,
    /// Has the role that lists payments of a code, and no corridor that offers it.
    KeepsARole,
    /// Takes a notification that names no account for evidence.
    AnonymousIsEvidence,
    /// Takes a payment of a static code that names no account for evidence.
    AnonymousPaymentIsEvidence,
    /// Takes a notification for evidence where the guarantees do not list the account.
    UnboundIsEvidence,
    /// Refuses a genuine notification that it cannot read.
    RefusesTheUnreadable,
    /// Reads no stored body again.
    ForgetsHowToRead,
    /// Returns an address in a private network as a report's.
    TellsPrivateLinks,
    /// Finds a payout by an answer that names none.
    FindsWhatNamesNothing,
    /// Reads whatever it cannot read as "no such order", where it looks up by our id.
    LostIsAbsent,
    /// Reads an answer without its list as an empty list.
    MissingListIsEmpty,
    /// Leaves out the orders of a list that it cannot read.
    SkipsUnreadableOrders,
    /// Does not compare the amount where it looks up by our id.
    SkipsTheAmountOfAList,
    /// Reads an empty list as an answer that it cannot read.
    EmptyListIsUnreadable,
    /// Reads HTTP 404 as "no such order", whatever comes with it.
    AnyNotFoundIsAbsent,
    /// Puts the number of a draft into the path as it came.
    ConfirmsAstray,
    /// Reads the rejection of a confirmation as one of the payout, for its content.
    RejectedConfirmationIsFinal,
    /// Reads every rejection of a confirmation as the end of the draft.
    EveryRejectionEndsTheDraft,
    /// Reads a rejection that ends the draft as one of content.
    EndOfTheDraftIsPermanent,
    /// Sends the first eight letters of the order id as the key.
    CutsTheKey,
    /// Sends the same key for each attempt.
    KeepsTheKeyOfAnAttempt,
    /// Takes the first of two orders with our id.
    TakesTheFirstOfTwo,
    /// Takes the last of two orders with our id.
    TakesTheLastOfTwo,
    /// Takes none of two orders with our id.
    TakesNoneOfTwo,
    /// Confirms a draft of any amount.
    ConfirmsAnyAmount,
    /// Confirms the draft of another order.
    ConfirmsAnotherDraft,
    /// Reads the first of several codes alone.
    ReadsTheFirstCode,
    /// Reads the last of several codes alone.
    ReadsTheLastCode,
    /// Is content with an account that begins as ours does.
    AccountsMayBeLonger,
    /// Is content with the beginning of our account.
    AccountsMayBeShorter,
    /// Opens notifications of accounts that begin as ours does.
    OpensLongerAccounts,
    /// Puts its key, in Base64, into a header that is printed.
    PrintsTheKeyInBase64,
    /// Puts something into the `Authorization` header that is printed.
    PrintsItsAuthorization,
    /// Pays over one rail, whichever was requested.
    PaysOverOneRail,
    /// Pays to a bank more than it takes.
    IgnoresTheLimitOfABank,
    /// Sends the account as a whole number, without its leading zeros.
    DropsLeadingZeros,
    /// Sends the first twelve characters of the account.
    CutsTheAccount,
    /// Takes over whatever number the confirmation names beside our order id.
    AdoptsAnotherNumber,
    /// Guarantees that an order may be sent again, though no copy of a draft is recognised.
    DraftsHaveNoKey,
}
