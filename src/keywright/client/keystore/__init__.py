"""
Keep keys where no file has them in plain text: the system's keyring, or a file that a passphrase seals.

`open_store` gives the store that new keys go to, `holding` the one that has a profile's key. What a profile of the AWS
files needs in order to be read from there is in `pointing`.
"""

from keywright.client.errors import KeystoreError
from keywright.client.keystore.choosing import STORES, holding, open_store, stores
from keywright.client.keystore.errors import Locked
from keywright.client.keystore.stored_key import KeyStore, StoredKey

__all__ = ["STORES", "KeyStore", "KeystoreError", "Locked", "StoredKey", "holding", "open_store", "stores"]
