// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/connection.hpp"

#include <winscard.h>

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/apdu/atr.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/base/log.hpp"
#include "drivers/pcsc/errors.hpp"

namespace pcsc {
namespace {

// Some PC/SC services end a transaction after 5 s without a call (house rule 39); half of it leaves
// room.
constexpr std::chrono::milliseconds silence_max(2'500);
constexpr std::chrono::milliseconds removal_notice_max = Connection::patience_usual;
constexpr DWORD removal_wait_ms = 250;
constexpr std::chrono::milliseconds look_again(100);
// PC/SC part 10 2.6.14: a reader that carries this much and less takes short APDUs only.
constexpr std::size_t short_apdu_bytes = 256;
// What a reader counts as that does not say: all that an extended APDU can carry.
constexpr std::size_t unbounded_apdu_bytes = limits::apdu_answer_bytes_max - 2;

/// Event count in the upper half of the state word.
unsigned count_of(DWORD event_state) {
    return static_cast<unsigned>(event_state >> 16U) & 0xFFFFU;
}

base::Result<unsigned> read_insertion(const Context& context, const std::string& reader) {
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    state.dwCurrentState = SCARD_STATE_UNAWARE;
    const LONG code = SCardGetStatusChange(context.get(), 0, &state, 1);
    if (code != SCARD_S_SUCCESS && code != static_cast<LONG>(SCARD_E_TIMEOUT)) {
        return fail(code, "reader state");
    }
    return count_of(state.dwEventState);
}

void log_apdu(base::ByteView command, base::ByteView answer) {
    base::log(base::LogEvent::apdu,
              {{"header", static_cast<std::int64_t>(base::read_u32(command))},
               {"command_bytes", static_cast<std::int64_t>(command.size())},
               {"answer_bytes", static_cast<std::int64_t>(answer.size())},
               {"sw", static_cast<std::int64_t>(base::read_u16(answer.last(2)))}});
}

}  // namespace

base::Result<std::unique_ptr<Connection>> Connection::open(const std::string& reader,
                                                           std::optional<unsigned> insertion,
                                                           std::chrono::milliseconds patience) {
    TRY(context, Context::establish());
    std::unique_ptr<Connection> connection(
        new Connection(std::move(context), reader, insertion, patience));
    TRY_VOID(connection->begin());
    connection->keeper_ = std::jthread(
        [&owner = *connection](const std::stop_token& stop) { owner.keep_alive(stop); });
    return connection;
}

Connection::Connection(Context context, std::string reader, std::optional<unsigned> wanted,
                       std::chrono::milliseconds patience)
    : context_(std::move(context)),
      reader_(std::move(reader)),
      wanted_(wanted),
      patience_(patience),
      last_call_(std::chrono::steady_clock::now()) {}

base::Result<void> Connection::begin() {
    card_.reset();
    SCARDHANDLE handle = 0;
    DWORD protocol = 0;
    // Exclusive: with a shared connection beside ours, SCardBeginTransaction could wait for that
    // client without end, and that client could reset the card between two contacts.
    LONG code = SCardConnect(context_.get(), reader_.c_str(), SCARD_SHARE_EXCLUSIVE,
                             SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &protocol);
    if (code != SCARD_S_SUCCESS) return fail(code, "connect");
    // From here on the handle has an owner, whatever fails.
    card_ = base::Handle<RawHandle, reset_card>(handle);
    protocol_ = protocol;
    code = SCardBeginTransaction(handle);
    if (code != SCARD_S_SUCCESS) return fail(code, "begin transaction");
    TRY(count, read_insertion(context_, reader_));
    insertion_ = count;
    if (wanted_ && *wanted_ != count) return base::fail(base::Errc::card_exchanged, "connect");
    return learn_card();
}

/// After a quick change of cards pcscd still holds the one that has left, until it looks again. The
/// first command finds that out; then the contact begins anew, with the card that is there now.
base::Result<void> Connection::begin_again() {
    const auto end = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        auto begun = begin();
        if (begun || std::chrono::steady_clock::now() >= end) return begun;
        const base::Errc code = begun.error().code;
        if (code != base::Errc::card_removed && code != base::Errc::card_mute) return begun;
        std::this_thread::sleep_for(look_again);
    }
}

Connection::~Connection() {
    // Before the card is reset, and while the lock that it takes is there.
    if (pad_) pad_->end_channel();
}

void reset_card(RawHandle handle) {
    SCardEndTransaction(handle, SCARD_RESET_CARD);
    SCardDisconnect(handle, SCARD_RESET_CARD);
}

base::Result<void> Connection::learn_card() {
    std::array<std::uint8_t, MAX_ATR_SIZE> atr{};
    DWORD atr_bytes = atr.size();
    DWORD state = 0;
    DWORD protocol = 0;
    const LONG code =
        SCardStatus(card_.get(), nullptr, nullptr, &state, &protocol, atr.data(), &atr_bytes);
    if (code != SCARD_S_SUCCESS) return fail(code, "status");
    if (atr_bytes > atr.size()) return base::fail(base::Errc::card_answer_bad, "atr");
    atr_.assign(atr.begin(), atr.begin() + static_cast<std::ptrdiff_t>(atr_bytes));
    const auto capabilities = apdu::capabilities_of(atr_);
    // Cards of TR-03110 part 2 need extended length themselves, so silence of the ATR counts as
    // yes.
    const bool card_takes = !capabilities || capabilities->extended_length;
    learn_features();
    extended_length_ = card_takes && reader_bytes_ > short_apdu_bytes;
    return {};
}

/// Asked once a contact: they belong to the reader, whatever card lies in it.
void Connection::learn_features() {
    if (std::exchange(features_known_, true)) return;
    const auto ask = [this](std::uint32_t code, base::ByteView input) {
        return control(card_.get(), code, input);
    };
    const ReaderInfo info = learn_reader(ask);
    reader_bytes_ = std::min(info.apdu_bytes.value_or(unbounded_apdu_bytes), unbounded_apdu_bytes);
    if (!info.pad) return;
    pad_.emplace(
        [this](std::uint32_t code, base::ByteView input) { return ask_reader(code, input); },
        PinPad::Codes{*info.pace_code, info.modify_code.value_or(0)}, *info.pad);
}

/// A question that may take a person's time and reach the card.
base::Result<base::Bytes> Connection::ask_reader(std::uint32_t code, base::ByteView input) {
    const std::lock_guard lock(mutex_);
    // Whatever comes of it, the contact must not begin anew behind the holder's back.
    answered_ = true;
    auto answer = control(card_.get(), code, input);
    last_call_ = std::chrono::steady_clock::now();
    return answer;
}

base::Result<base::Bytes> Connection::transmit(base::ByteView command) {
    CHECK(command.size() >= 4 && command.size() <= limits::apdu_command_bytes_max);
    const std::lock_guard lock(mutex_);
    auto answer = exchange(command);
    // Nothing has been answered yet, so nothing can be spent by saying it once more.
    if (!answer && !answered_ && answer.error().code == base::Errc::card_removed) {
        TRY_VOID(begin_again());
        answer = exchange(command);
    }
    if (answer) answered_ = true;
    return answer;
}

base::Result<base::Bytes> Connection::exchange(base::ByteView command) {
    base::Bytes answer(limits::apdu_answer_bytes_max);
    DWORD size = answer.size();
    const SCARD_IO_REQUEST* pci = protocol_ == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    const LONG code = SCardTransmit(card_.get(), pci, command.data(), command.size(), nullptr,
                                    answer.data(), &size);
    last_call_ = std::chrono::steady_clock::now();
    if (code != SCARD_S_SUCCESS) return fail(code, "transmit");
    if (size > answer.size()) return base::fail(base::Errc::card_answer_bad, "transmit");
    if (size < 2) {
        // A reader that loses the card in the middle of an answer may call it success and hand over
        // nothing.
        return base::fail(card_has_left() ? base::Errc::card_removed : base::Errc::card_answer_bad,
                          "transmit empty");
    }
    answer.resize(size);
    log_apdu(command, answer);
    return answer;
}

/// Waits a moment for pcscd to notice a removal, which it does by looking now and then.
bool Connection::card_has_left() const {
    SCARD_READERSTATE state{};
    state.szReader = reader_.c_str();
    state.dwCurrentState = SCARD_STATE_PRESENT | SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE |
                           static_cast<DWORD>(insertion_ << 16U);
    const auto end = std::chrono::steady_clock::now() + removal_notice_max;
    while (std::chrono::steady_clock::now() < end) {
        const LONG code = SCardGetStatusChange(context_.get(), removal_wait_ms, &state, 1);
        if (code != SCARD_S_SUCCESS && code != static_cast<LONG>(SCARD_E_TIMEOUT)) return true;
        if ((state.dwEventState & SCARD_STATE_PRESENT) == 0) return true;
        state.dwCurrentState = state.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
    }
    return false;
}

void Connection::keep_alive(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        silence_.wait_until(lock, stop, last_call_ + silence_max, [] { return false; });
        if (stop.stop_requested()) return;
        if (std::chrono::steady_clock::now() - last_call_ < silence_max) continue;
        DWORD state = 0;
        DWORD protocol = 0;
        DWORD atr_bytes = 0;
        if (!card_.has_value()) continue;
        // Only the call counts; a failure shows itself at the next transmit.
        SCardStatus(card_.get(), nullptr, nullptr, &state, &protocol, nullptr, &atr_bytes);
        last_call_ = std::chrono::steady_clock::now();
    }
}

}  // namespace pcsc
