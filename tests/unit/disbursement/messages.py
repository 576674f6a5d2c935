"""Small messages of ISO 20022 as banks write them, for tests."""

CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"
CAMT_053_NEW = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
OURS = "ABCDEFGHIJKLMN23"


def transaction(
    named: str | None = OURS, amount: str = "", direction: str = "", more: str = "", own_reference: str = "FTB1"
) -> str:
    """A `TxDtls`; `amount` and `more` are elements."""
    reference = f"<AcctSvcrRef>{own_reference}</AcctSvcrRef>" if own_reference else ""
    ours = f"<EndToEndId>{named}</EndToEndId>" if named is not None else ""
    way = f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    return f"<TxDtls><Refs>{reference}{ours}</Refs>{amount}{way}{more}</TxDtls>"


def entry(
    *transactions: str,
    amount: str = '<Amt Ccy="VND">440000</Amt>',
    direction: str = "DBIT",
    reversal: str = "",
    status: str = "<Sts>BOOK</Sts>",
    days: str = "<BookgDt><Dt>2023-11-11</Dt></BookgDt><ValDt><Dt>2023-11-10</Dt></ValDt>",
) -> str:
    """A `Ntry` with its transactions."""
    details = f"<NtryDtls>{''.join(transactions)}</NtryDtls>" if transactions else ""
    way = f"<CdtDbtInd>{direction}</CdtDbtInd>"
    turned = f"<RvslInd>{reversal}</RvslInd>" if reversal else ""
    return f"<Ntry>{amount}{way}{turned}{status}{days}<AcctSvcrRef>ENTRY1</AcctSvcrRef>{details}</Ntry>"


def camt(*entries: str, namespace: str = CAMT_054) -> bytes:
    """A notification (camt.054) with these entries."""
    notification = f"<Ntfctn><Id>N1</Id>{''.join(entries)}</Ntfctn>"
    body = f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId></GrpHdr>{notification}</BkToCstmrDbtCdtNtfctn>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}">{body}</Document>'.encode()


def status_of(named: str, status: str, more: str = "", reasons: str = "") -> str:
    """A `TxInfAndSts`."""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{named}</OrgnlEndToEndId><TxSts>{status}</TxSts>{reasons}{more}</TxInfAndSts>"
    )


def pain_002(group: str = "", *batches: str, namespace: str = PAIN_002) -> bytes:
    """A status report on message RUN1; `group` and `batches` are what stands in the blocks."""
    blocks = "".join(
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>RUN1</OrgnlPmtInfId>{one}</OrgnlPmtInfAndSts>" for one in batches
    )
    original = f"<OrgnlGrpInfAndSts><OrgnlMsgId>RUN1</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>"
    body = f"<CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId></GrpHdr>{original}{blocks}</CstmrPmtStsRpt>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}">{body}</Document>'.encode()


def reason(code: str = "", *words: str) -> str:
    """A `StsRsnInf`."""
    coded = f"<Rsn><Cd>{code}</Cd></Rsn>" if code else ""
    return f"<StsRsnInf>{coded}{''.join(f'<AddtlInf>{word}</AddtlInf>' for word in words)}</StsRsnInf>"
