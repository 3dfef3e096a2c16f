// SPDX-License-Identifier: EUPL-1.2
// Who stands here: what the card said about its holder. Apart so that every place that holds it is
// found by its type, and so that its bytes are overwritten when the last screen that needs it goes.
// Pure values, any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "drivers/base/bytes.hpp"
#include "drivers/base/secret.hpp"
#include "sync/model/declaration.hpp"

namespace core {

/// Text about a person: wiped when it dies or is moved away. Copies are possible and each is wiped.
class PersonalText {
  public:
    PersonalText() = default;
    explicit PersonalText(std::string_view text) : bytes_(text.begin(), text.end()) {}
    PersonalText(const PersonalText&) = default;
    PersonalText& operator=(const PersonalText& other) {
        if (this != &other) {
            base::wipe(bytes_);
            bytes_ = other.bytes_;
        }
        return *this;
    }
    PersonalText(PersonalText&& other) noexcept : bytes_(std::move(other.bytes_)) {
        other.bytes_.clear();
    }
    PersonalText& operator=(PersonalText&& other) noexcept {
        if (this != &other) {
            base::wipe(bytes_);
            bytes_ = std::move(other.bytes_);
            other.bytes_.clear();
        }
        return *this;
    }
    ~PersonalText() { base::wipe(bytes_); }

    [[nodiscard]] std::string_view view() const { return base::as_text(bytes_); }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    friend bool operator==(const PersonalText&, const PersonalText&) = default;

  private:
    base::Bytes
        bytes_;  // a vector has no small buffer inside the object, so a move leaves nothing behind
};

struct Person {
    PersonalText family_name;
    PersonalText given_names;
    PersonalText birth_date;  ///< "YYYY-MM-DD"; parts that the card does not know are blanks
    friend bool operator==(const Person&, const Person&) = default;
};

/// The result of a finished identification. Lives only in places that need it.
struct Identified {
    Person person;
    PersonalText subject;           ///< pseudonym of the card for our sector, raw bytes
    model::Assurance assurance;     ///< goes into every record (architecture.md 4)
    bool document_expired = false;  ///< enough to take something back, not enough to give
    friend bool operator==(const Identified&, const Identified&) = default;
};

using Pin = base::Secret<struct TypedPinTag, 6>;
using Can = base::Secret<struct TypedCanTag, 6>;
using Puk = base::Secret<struct TypedPukTag, 10>;
/// The PIN from the letter, good for nothing but setting an own one (TR-03127).
inline constexpr std::size_t letter_pin_digits = 5;

}  // namespace core
