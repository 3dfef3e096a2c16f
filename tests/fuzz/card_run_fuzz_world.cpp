// SPDX-License-Identifier: EUPL-1.2
#include "tests/fuzz/card_run_fuzz_world.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/eid/authenticate.hpp"
#include "tests/card/checks/world.hpp"
#include "tests/interop/in_process_card.hpp"
#include "tests/unit/drivers/pki/seeded_random.hpp"

namespace fuzz {
namespace {

constexpr std::size_t change_bytes = 4;
constexpr unsigned commands_changed = 32;
// A run has about 25 commands. An answer that promises more data (61xx) costs one more each, and
// only a changed answer can promise that.
constexpr unsigned commands_max = 25 + commands_changed;

/// Every change for command `index`, in order.
void apply(base::ByteView changes, unsigned index, const base::Bytes& before, base::Bytes& answer) {
    for (std::size_t at = 0; at + change_bytes <= changes.size(); at += change_bytes) {
        if (changes[at] % commands_changed != index) continue;
        const std::size_t place = changes[at + 2];
        const std::uint8_t value = changes[at + 3];
        const std::size_t size = answer.size();
        switch (changes[at + 1] % 7) {
            case 0:
                if (place < size) answer[place] ^= value;
                break;
            case 1:
                if (place < size) answer[size - 1 - place] ^= value;
                break;
            case 2:
                answer.resize(std::min(place, size));
                break;
            case 3:
                answer = {static_cast<std::uint8_t>(place), value};
                break;
            case 4:
                answer = before;
                break;
            case 5:
                answer.insert(answer.begin() + static_cast<std::ptrdiff_t>(std::min(place, size)),
                              value);
                break;
            default:
                answer.resize(size + place, value);
                break;
        }
    }
}

/// The reader that changes answers on their way.
class ChangingReader final : public port::CardTransport {
  public:
    ChangingReader(card::Card& card, base::ByteView changes) : card_(card), changes_(changes) {}
    base::Result<base::Bytes> transmit(base::ByteView command) override {
        TRY(answer, card_.transmit(command));
        const base::Bytes sent = answer;
        apply(changes_, card_.commands(), before_, answer);
        before_ = sent;
        return std::move(answer);
    }
    [[nodiscard]] bool extended_length() const override { return true; }
    [[nodiscard]] base::ByteView atr() const override { return card::answer_to_reset(); }
    [[nodiscard]] unsigned commands() const { return card_.commands(); }

  private:
    interop::InProcessCard card_;
    base::ByteView changes_;
    base::Bytes before_;
};

std::string text_of(const eid::AuthenticateResult& result) {
    std::string text;
    for (const auto& [group, value] : result.groups) {
        if (const auto* plain = std::get_if<eid::Text>(&value)) text += plain->value + ";";
        if (const auto* date = std::get_if<eid::PartialDate>(&value)) text += date->text() + ";";
    }
    if (result.pseudonym) text += base::to_hex(result.pseudonym->get());
    return text;
}

card::Person person() {
    auto loaded = card::load_person(std::string(CARD_PEOPLE_DIR) + "/leyla.json");
    CHECK(loaded.person.has_value());
    return std::move(*loaded.person);
}

card::TrustPoints trust(const card::TestPki& pki) {
    card::TrustPoints points;
    CHECK(points.add_file(pki.cvca()));
    points.advance(pki.cvca_request.effective);
    return points;
}

}  // namespace

struct CardRun::State {
    card::TestPki pki;
    interop::MemoryAuthenticator authenticator{pki};
    interop::StandingClock clock;

    [[nodiscard]] eid::AuthenticateRequest request() const {
        eid::AuthenticateRequest wanted{};
        wanted.credentials = eid::WithPin{eid::Pin{base::as_bytes("123456")}, {}};
        wanted.groups = {eid::DataGroup::given_names, eid::DataGroup::family_names,
                         eid::DataGroup::date_of_birth};
        wanted.restricted_id = eid::WantRestrictedId::pseudonym;
        wanted.sector_key = card::tlv(0x7F49, card::sector_key_content(pki.first_sector.point));
        return wanted;
    }
    /// The data of one run on a new card; nothing if it failed.
    std::optional<std::string> run(base::ByteView changes) {
        card::SeededSource card_random(7);
        SeededRandom random(8);
        card::Card chip({.person = person(), .trust_points = trust(pki)}, card_random);
        ChangingReader reader(chip, changes);
        const auto result = eid::authenticate(
            request(),
            {.card = reader, .authenticator = authenticator, .clock = clock, .random = random});
        CHECK(reader.commands() <= commands_max);
        CHECK(chip.passwords().pin_tries + 1 >= card::pin_tries_max);
        if (!result) return std::nullopt;
        return text_of(*result);
    }
};

CardRun::CardRun() : state_(std::make_unique<State>()) {
    const auto clean = state_->run({});
    CHECK(clean.has_value());
    truth_ = *clean;
}

CardRun::~CardRun() = default;

void CardRun::check(base::ByteView changes) const {
    const auto data = state_->run(changes);
    CHECK(!data || *data == truth_);
}

}  // namespace fuzz
