// SPDX-License-Identifier: EUPL-1.2
// One contact with one card in one reader: exclusive, ended by a reset, so that no secure channel
// and no verified PIN outlives it. Made and used on the card thread; a helper thread only keeps a
// silent transaction alive. Norms: PC/SC part 5 (SCard calls), part 10 (reader features).
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "drivers/base/handle.hpp"
#include "drivers/base/result.hpp"
#include "drivers/pcsc/context.hpp"
#include "drivers/pcsc/pin_pad.hpp"
#include "drivers/port/card_transport.hpp"

namespace pcsc {

/// Ends the transaction and resets the card. Not for callers: the owner does it, exactly once.
void reset_card(RawHandle handle);

class Connection final : public port::CardTransport {
  public:
    /// pcscd asks readers for their state every 0.4 s; twice that, for a machine under load.
    static constexpr std::chrono::milliseconds patience_usual{1'000};

    /// Connects and begins a transaction. If the card turns out to have left before it answered
    /// anything, the first transmit begins anew, once, with the card that lies there then.
    /// insertion  event count of the insertion that the holder was shown (Event::insertion);
    ///            another one is refused, so that a PIN typed for one card never reaches the next.
    /// patience   how long that may take.
    /// errors     reader_missing, card_removed (no card), card_busy, card_mute, card_exchanged,
    ///            reader_service_gone, reader_access_denied.
    static base::Result<std::unique_ptr<Connection>> open(
        const std::string& reader, std::optional<unsigned> insertion = {},
        std::chrono::milliseconds patience = patience_usual);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    base::Result<base::Bytes> transmit(base::ByteView command) override;
    /// True unless the reader states a buffer that is too small, or the card's ATR denies it.
    [[nodiscard]] bool extended_length() const override { return extended_length_; }
    [[nodiscard]] std::size_t answer_bytes_max() const override { return reader_bytes_; }
    [[nodiscard]] base::ByteView atr() const override { return atr_; }
    [[nodiscard]] port::PinPad* pin_pad() override { return pad_ ? &*pad_ : nullptr; }
    /// The event count of the card that is being talked to.
    [[nodiscard]] unsigned insertion() const { return insertion_; }

  private:
    Connection(Context context, std::string reader, std::optional<unsigned> wanted,
               std::chrono::milliseconds patience);
    base::Result<void> begin();
    base::Result<void> begin_again();
    base::Result<base::Bytes> exchange(base::ByteView command);
    base::Result<void> learn_card();
    void learn_features();
    base::Result<base::Bytes> ask_reader(std::uint32_t code, base::ByteView input);
    void keep_alive(const std::stop_token& stop);
    [[nodiscard]] bool card_has_left() const;

    // Order of members: the keep-alive thread ends first, then the card is reset, then the context
    // is released.
    Context context_;
    std::string reader_;
    std::optional<unsigned> wanted_;
    std::chrono::milliseconds patience_;
    base::Handle<RawHandle, reset_card> card_;
    unsigned long protocol_ = 0;
    bool answered_ = false;
    base::Bytes atr_;
    bool extended_length_ = false;
    std::size_t reader_bytes_ = 0;
    std::optional<PinPad> pad_;
    bool features_known_ = false;
    unsigned insertion_ = 0;
    std::mutex mutex_;
    std::condition_variable_any silence_;
    std::chrono::steady_clock::time_point last_call_;
    std::jthread keeper_;
};

}  // namespace pcsc
