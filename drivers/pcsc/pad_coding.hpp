// SPDX-License-Identifier: EUPL-1.2
// The bytes of PACE at the reader: what is asked of it and what it answers. Its answers are outside
// bytes: every length is checked against what is there and against limits.hpp. Pure, any thread.
// Norms: PC/SC part 10 amendment 1.1 2.5.12 and 2.6.16, BSI TR-03119 D.1 (functions, results).
//
//   request    idxFunction 1 | lengthInputData 2 | InputData              numbers little-endian
//   answer     Result 4 | lengthOutputData 2 | OutputData
//
//   GetReadersPACECapabilities, function 01
//     InputData    empty
//     OutputData   [lengthBitMap 1 = 01] | BitMap 1     readers in the field leave the length out
//                  BitMap: 80 DestroyPACEChannel | 40 PACE | 20 eID | 10 signature
//   EstablishPACEChannel, function 02
//     InputData    PasswordID 1 | lengthCHAT 1 | CHAT | lengthPIN 1 | PIN
//                  | lengthCertificateDescription 2 | CertificateDescription
//     OutputData   SW1 SW2 of MSE:Set AT | lengthCardAccess 2 | EF.CardAccess
//                  and with a CHAT: | lengthCARcurr 1 | CARcurr | lengthCARprev 1 | CARprev
//                                   | lengthIDicc 2 | IDicc
//   DestroyPACEChannel, function 03: both empty
//   Result
//     00000000           done
//     D000000x           request: lengths 1, data 2, combination of data 3
//     E000000x           protocol: TLV 1, object missing 2, password id 3, card's token 6
//     F000 SW1 SW2       SELECT EF.CardAccess        F001 SW1 SW2   READ BINARY of it
//     F002 SW1 SW2       MSE:Set AT                  F003..F006     GENERAL AUTHENTICATE 1..4
//     F010000x           communication with the card cut 1, no card 2
//     F020000x           holder: cancelled 1, time-out 2, no active PIN 3
//
// A new PIN at the reader, FEATURE_MODIFY_PIN_DIRECT (PC/SC part 10 2.5.3, PIN_MODIFY):
//   3C 3C      bTimeOut, bTimeOut2: seconds
//   82         bmFormatString: ASCII, units of bytes
//   00 00      bmPINBlockString, bmPINLengthFormat: nothing of the PIN stands in the APDU yet
//   00 00      bInsertionOffsetOld, bInsertionOffsetNew
//   06 06      wPINMaxExtraDigit: six to six digits
//   01         bConfirmPIN: typed twice, without the old one
//   02 02      bEntryValidationCondition: a key; bNumberMessage
//   07 04      wLangId: German
//   00 01 02   bMsgIndex1..3
//   00 00 00   bTeoPrologue
//   04 00 00 00 | 00 2C 02 03     ulDataLength, and RESET RETRY COUNTER without its data
// The third message index stands there though two are announced: readers in the field want it.
// Answer: SW1 SW2 of the card, or of the reader: 6400 time-out, 6401 cancelled, 6402 not the same
// twice, 6403 length.
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/pin_pad.hpp"

namespace pcsc {

[[nodiscard]] base::Bytes encode_capabilities_request();
/// The PIN field stays empty: what is secret is typed at the reader.
/// request  lengths as PinPad::establish says (CHECKed).
[[nodiscard]] base::Bytes encode_establish_request(const port::PadRequest& request);

[[nodiscard]] base::Bytes encode_end_request();

/// errors  reader_feature_missing (a result other than done; detail = result), card_answer_bad (not
///         this format).
base::Result<port::PinPadAbilities> decode_capabilities(base::ByteView answer);

[[nodiscard]] base::Bytes encode_new_pin_request();
/// Value and errors: those of PinPad::type_new_pin.
base::Result<std::uint16_t> decode_new_pin(base::ByteView answer);

enum class Template : std::uint8_t { absent, given };
/// `chat` says whether the request had one: only then CARs and IDicc may and must follow.
/// errors  those of PinPad::establish; detail = result.
base::Result<port::PadOutcome> decode_establish(base::ByteView answer, Template chat);

}  // namespace pcsc
